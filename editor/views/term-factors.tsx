/** One term in its factors: ∂L/∂h_t, ∂h_t/∂h_i, δ_i and h_{i-1}, as numbers while there are few, as heat maps beyond. */
import type { SumTrace } from '../../nodes/watch/trace'
import { Formula, texMatrix, texRow, texVector } from '../pictures/formula'
import { HeatMap } from '../pictures/heat-map'
import { say } from '../say'
import { factorOf } from './sum-formulas'
import type { Matrix, SumTerm } from './sum-terms'

/** Rows and columns that are typeset as numbers. */
const mostTypeset = 6

export function TermFactors({
  name,
  term: { i, delta, values },
  factors,
  which,
  isPlain,
}: {
  name: string
  term: SumTerm
  factors: SumTrace['factors']
  which: string
  isPlain: boolean
}) {
  const loss = factors.losses.find(({ t }) => which === String(t))
  const own = loss?.terms.find((term) => term.i === i)
  const t = loss?.t ?? 't'
  const factor = isPlain ? factorOf(name, i) : undefined
  const input = /^U/.test(name) ? factors.inputs[i - 1] : /^W/.test(name) ? factors.hidden[i - 1] : undefined
  const fits = !isPlain ? undefined : input && input.length === values[0]?.length ? input : undefined
  return (
    <section class="rnn-factors" aria-label={say('sum.factorsOf', { i, name })}>
      <h4>{say('sum.factorsOf', { i, name })}</h4>
      {!isPlain && <p class="rnn-words">{say('sum.wholeState')}</p>}
      {loss && own ? (
        <>
          <Shown
            tex={`\\frac{\\partial L_{${t}}}{\\partial h_{${t}}} =`}
            values={[loss.dLdh]}
            typeset={texRow(loss.dLdh)}
            title={say('sum.dLdh', { t })}
          />
          <Shown
            tex={`\\frac{\\partial h_{${t}}}{\\partial h_{${i}}} =${t === i ? ' I =' : ''}`}
            values={own.dhdh}
            typeset={texMatrix(own.dhdh)}
            title={say('sum.dhdh', { t, i })}
          />
        </>
      ) : (
        <p class="rnn-words">{say('sum.chooseLoss')}</p>
      )}
      <Shown
        tex={`\\delta_{${i}} =${!isPlain ? '' : ` \\varphi'(a_{${i}}) \\circ \\left(\\tfrac{\\partial h_{${t}}}{\\partial h_{${i}}}\\right)^{\\!\\top} \\tfrac{\\partial L}{\\partial h_{${t}}} =`}`}
        values={delta.map((value) => [value])}
        typeset={texVector(delta)}
        title={say(isPlain ? 'sum.delta' : 'sum.deltas', { i })}
      />
      {factor && fits && (
        <Shown
          tex={`${factor} =`}
          values={fits.map((value) => [value])}
          typeset={texVector(fits)}
          title={say(/^U/.test(name) ? 'sum.input' : 'sum.state', { i, before: i - 1 })}
        />
      )}
    </section>
  )
}

function Shown({
  tex,
  values,
  typeset,
  title,
}: {
  tex: string
  values: Matrix
  typeset: string
  title: string
}) {
  const isSmall = values.length <= mostTypeset && (values[0]?.length ?? 0) <= mostTypeset
  return (
    <div class="rnn-factor">
      <span class="rnn-words">{title}</span>
      <div class="rnn-factor-value">
        <Formula tex={isSmall ? `${tex} ${typeset}` : tex} isBlock={isSmall} />
        {!isSmall && (
          <HeatMap
            title={title}
            values={values}
            scale="values"
            largestCell={14}
            nameOf={(row, column) => `[${row + 1}, ${column + 1}]`}
          />
        )}
      </div>
    </div>
  )
}
