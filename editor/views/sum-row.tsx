/** The terms from left to right, each a heat map, and under each what the terms so far add up to; at the end the gradient. */
import { useState } from 'preact/hooks'
import { ColourScale } from '../pictures/colour-scale'
import { Formula, texName } from '../pictures/formula'
import { HeatMap, largest } from '../pictures/heat-map'
import { show } from '../pictures/number'
import { say } from '../say'
import { termFormula } from './sum-formulas'
import { add, type Matrix, normOf, type SumTerm } from './sum-terms'

export function SumRow({
  name,
  isPlain,
  terms,
  gradient,
  picked,
  onPick,
}: {
  name: string
  isPlain: boolean
  terms: readonly SumTerm[]
  /** missing where only some of its losses are shown */
  gradient: Matrix | undefined
  picked: number | undefined
  onPick: (i: number) => void
}) {
  const [isShared, setShared] = useState(true)
  let sum: Matrix | undefined
  const sums = terms.map(({ values }) => {
    sum = sum ? add(sum, values) : values
    return sum
  })
  const most = Math.max(...[...terms.map(({ values }) => values), ...sums].map(largest))
  const isVector = terms[0]?.values[0]?.length === 1
  const cellName = (row: number, column: number) =>
    isVector ? `${name}[${row + 1}]` : `${name}[${row + 1}, ${column + 1}]`
  const map = (title: string, values: Matrix, pick?: () => void) => (
    <HeatMap
      title={title}
      values={values}
      scale="values"
      most={isShared ? most : undefined}
      nameOf={cellName}
      largestCell={48}
      onPick={pick}
    />
  )
  return (
    <>
      <section class="rnn-terms" aria-label={say('sum.terms', { name, count: terms.length })}>
        {terms.map(({ i, values }, index) => (
          <div key={i} class={i === picked ? 'rnn-term rnn-picked' : 'rnn-term'}>
            <button
              type="button"
              class="rnn-link rnn-term-name"
              aria-pressed={i === picked}
              title={say('sum.factorsOf', { i, name })}
              onClick={() => onPick(i)}
            >
              {index > 0 && <span class="rnn-sign">+</span>}
              <Formula tex={termFormula(name, i, isPlain)} />
            </button>
            {map(say('sum.term', { i, name }), values, () => onPick(i))}
            <span class="rnn-norm">‖·‖ = {show(normOf(values))}</span>
            <div class="rnn-term-name">
              <Formula tex={`\\textstyle\\sum_{1}^{${i}}`} />
            </div>
            {map(say('sum.upTo', { i, name }), sums[index])}
          </div>
        ))}
        {gradient && (
          <div class="rnn-term">
            <div class="rnn-term-name">
              <span class="rnn-sign">=</span>
              <Formula tex={`\\partial L/\\partial ${texName(name)}`} />
            </div>
            {map(say('sum.gradient', { name }), gradient)}
            <span class="rnn-norm">‖·‖ = {show(normOf(gradient))}</span>
          </div>
        )}
      </section>
      <div class="rnn-scale-row">
        <ColourScale scale="values" most={isShared ? most : undefined} />
        <label>
          <input type="checkbox" checked={!isShared} onChange={() => setShared(!isShared)} />{' '}
          {say('sum.ownScales')}
        </label>
      </div>
    </>
  )
}
