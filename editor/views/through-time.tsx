/** Through time: the unrolled network of the latest batch, how large each term is, and where it vanishes or explodes. */
import { useState } from 'preact/hooks'
import type { CreditTrace } from '../../nodes/watch/trace'
import type { Through } from '../../nodes/watch/wire'
import type { LoopState } from '../loop/feed'
import { Figure } from '../pictures/figure'
import { show } from '../pictures/number'
import { type Stack, TimeBars } from '../pictures/time-bars'
import { say } from '../say'
import { Choice, Nothing } from './parts'
import { useTrace } from './use-trace'

export function ThroughTime({ state: { digest } }: { state: LoopState }) {
  const { through } = digest
  const [chosen, setChosen] = useState('W')
  if (!through) return <Nothing />
  return (
    <Batch
      id={digest.id}
      step={digest.progress.step}
      through={through}
      chosen={chosen}
      onChoose={setChosen}
    />
  )
}

function Batch({
  id,
  step,
  through,
  chosen,
  onChoose,
}: {
  id: string
  step: number
  through: Through
  chosen: string
  onChoose: (name: string) => void
}) {
  const { topology, steps, state, reasons, span, stride, readouts } = through
  const names = Object.keys(through.terms)
  const name = names.includes(chosen) ? chosen : names[0]
  const terms = through.terms[name] ?? []
  const words = wordsOf(through, name, terms)
  return (
    <>
      <Choice label={say('parameter')} values={names} value={name} onChange={onChoose} />
      <Figure title={say('through.title', { topology, steps, name })} words={words}>
        {readouts[2] > 1 && name !== 'V' && name !== 'c' ? (
          <Stacked id={id} step={step} through={through} name={name} terms={terms} label={words} />
        ) : (
          <TimeBars through={through} terms={terms} label={words} />
        )}
      </Figure>
      {state !== 'ok' && (
        <p class={`rnn-verdict rnn-${state}`} role="status">
          <strong>{say(`state.${state}`)}</strong>
          {span && ` ${say('through.span', { first: span[0], last: span[1] })}`} {reasons.join('; ')}
        </p>
      )}
      {stride > 1 && <p class="rnn-words">{say('through.stride', { stride })}</p>}
    </>
  )
}

function Stacked({
  id,
  step,
  through,
  name,
  terms,
  label,
}: {
  id: string
  step: number
  through: Through
  name: string
  terms: readonly (number | null)[]
  label: string
}) {
  const { trace } = useTrace(id, 'credit', step)
  const stack = trace && 'norms' in trace ? stackOf(through, trace, name) : undefined
  return (
    <>
      <TimeBars through={through} terms={terms} stack={stack} label={label} />
      {stack && (
        <ul class="rnn-legend">
          {stack.groups.map((group, index) => (
            <li>
              <span
                class={`rnn-swatch rnn-group-${Math.round((index * 4) / Math.max(1, stack.groups.length - 1))}`}
              />
              {group}
            </li>
          ))}
          <li class="rnn-words">{say('through.stacked')}</li>
        </ul>
      )}
    </>
  )
}

const mostGroups = 5

/** The losses in at most five groups, and how much of each column's term comes from which. */
function stackOf(
  { steps, stride }: Through,
  { losses, steps: at, norms }: CreditTrace,
  name: string,
): Stack | undefined {
  const rows = norms[name]
  if (!rows || losses.length < 2) return undefined
  const groups = Math.min(mostGroups, losses.length)
  const groupOf = (row: number) => Math.floor((row * groups) / losses.length)
  const timesOf = (group: number) => losses.filter((_, row) => groupOf(row) === group)
  const shares = Array.from({ length: groups }, () => new Array<number>(Math.ceil(steps / stride)).fill(0))
  for (let column = 0; column < shares[0].length; column++) {
    const step = Math.min(steps, column * stride + Math.ceil(stride / 2))
    const nearest = at.reduce(
      (best, other, index) =>
        Math.abs((other ?? 0) - step) < Math.abs((at[best] ?? 0) - step) ? index : best,
      0,
    )
    let whole = 0
    rows.forEach((row, index) => {
      const size = row[nearest] ?? 0
      shares[groupOf(index)][column] += size
      whole += size
    })
    if (whole > 0) for (const share of shares) share[column] /= whole
    else shares[groups - 1][column] = 1
  }
  return {
    groups: Array.from({ length: groups }, (_, group) => {
      const times = timesOf(group)
      const [first, last] = [times[0], times[times.length - 1]]
      return say(first === last ? 'through.lossAt' : 'through.lossesAt', { first, last })
    }),
    shares,
  }
}

function wordsOf({ stride }: Through, name: string, terms: readonly (number | null)[]): string {
  const finite = terms.map((term, column) => ({ term: term ?? 0, step: column * stride + 1 }))
  if (finite.length === 0) return ''
  if (terms.every((term) => term === null)) return say('through.lost')
  const most = finite.reduce((a, b) => (b.term > a.term ? b : a))
  const least = finite.reduce((a, b) => ((b.term <= a.term && b.term > 0) || a.term === 0 ? b : a))
  return say('through.words', {
    name,
    most: show(most.term),
    mostAt: most.step,
    least: show(least.term),
    leastAt: least.step,
  })
}
