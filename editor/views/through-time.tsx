/** Through time: the unrolled network of the latest batch, how large each term is, and where it vanishes or explodes. */
import { useState } from 'preact/hooks'
import type { CreditTrace } from '../../nodes/watch/trace'
import type { LoopDigest, Through } from '../../nodes/watch/wire'
import type { LoopState } from '../loop/feed'
import { Figure } from '../pictures/figure'
import { show } from '../pictures/number'
import { type Stack, TimeBars } from '../pictures/time-bars'
import { say } from '../say'
import { Choice, Nothing } from './parts'
import { useTrace } from './use-trace'

export function ThroughTime({ state: { digest } }: { state: LoopState }) {
  const { through } = digest
  const [chosen, setChosen] = useState<string>()
  if (!through) return <Nothing />
  return <Batch digest={digest} through={through} chosen={chosen} onChoose={setChosen} />
}

/** What a person has not chosen is W, or what went bad. */
function usual({ state, terms }: Through): string {
  const names = Object.keys(terms)
  const bad = state === 'nonfinite' ? names.find((name) => terms[name].includes(null)) : undefined
  return bad ?? (names.includes('W') ? 'W' : names[0])
}

function Batch({
  digest,
  through,
  chosen,
  onChoose,
}: {
  digest: LoopDigest
  through: Through
  chosen: string | undefined
  onChoose: (name: string) => void
}) {
  const { topology, steps, state, reasons, span, stride, readouts } = through
  const names = Object.keys(through.terms)
  const name = chosen !== undefined && names.includes(chosen) ? chosen : usual(through)
  const terms = through.terms[name] ?? []
  const words = wordsOf(through, terms)
  const isReadout = name === 'V' || name === 'c'
  return (
    <>
      <Figure title={say('through.title', { topology, steps, name })} words={words}>
        {readouts[2] > 1 && !isReadout ? (
          <Stacked digest={digest} through={through} name={name} terms={terms} label={words} />
        ) : (
          <TimeBars through={through} name={name} terms={terms} label={words} />
        )}
      </Figure>
      <Choice label={say('parameter')} values={names} value={name} onChange={onChoose} />
      {state !== 'ok' && (
        <p class={`rnn-verdict rnn-${state}`} role="status">
          <strong>{say(`state.${state}`)}</strong>
          {span && ` ${say('through.span', { first: span[0], last: span[1] })}`} {reasons.join('; ')}
        </p>
      )}
      {stride > 1 && <p class="rnn-words">{say('through.stride', { stride })}</p>}
      {through.reverse && <p class="rnn-words">{say('through.bothDirections')}</p>}
    </>
  )
}

function Stacked({
  digest,
  through,
  name,
  terms,
  label,
}: {
  digest: LoopDigest
  through: Through
  name: string
  terms: readonly (number | null)[]
  label: string
}) {
  const { trace } = useTrace(digest, 'credit')
  const credit = trace && 'norms' in trace ? trace : undefined
  const stack = credit && stackOf(through, credit, name)
  return (
    <>
      <TimeBars through={through} name={name} terms={terms} stack={stack} label={label} />
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
          {credit?.sequences === 1 && through.batch > 1 && <li class="rnn-words">{say('credit.first')}</li>}
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

/** Terms that are exactly zero say nothing of how the others shrink. */
function wordsOf({ stride }: Through, terms: readonly (number | null)[]): string {
  if (terms.length > 0 && terms.every((term) => term === null)) return say('through.lost')
  const sizes = terms.flatMap((term, column) => (term ? [{ term, step: column * stride + 1 }] : []))
  if (sizes.length === 0) return say('through.zero')
  const most = sizes.reduce((a, b) => (b.term > a.term ? b : a))
  const least = sizes.reduce((a, b) => (b.term < a.term ? b : a))
  const words = say('through.words', {
    most: show(most.term),
    mostAt: most.step,
    least: show(least.term),
    leastAt: least.step,
  })
  return terms.includes(null) ? `${say('through.partlyLost')} ${words}` : words
}
