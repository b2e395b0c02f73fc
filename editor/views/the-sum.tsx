/** The sum: the derivation itself, with this network's numbers, term by term until it is the gradient. */
import { useState } from 'preact/hooks'
import type { SumTrace } from '../../nodes/watch/trace'
import type { LoopState } from '../loop/feed'
import { Formula } from '../pictures/formula'
import { show } from '../pictures/number'
import { TimeBars } from '../pictures/time-bars'
import { say } from '../say'
import { BatchStep, Choice, Nothing } from './parts'
import { generalFormula, numbersFormula } from './sum-formulas'
import { SumRow } from './sum-row'
import { asMatrix, type SumTerm, termsOf } from './sum-terms'
import { TermFactors } from './term-factors'
import { useTrace } from './use-trace'

export function TheSum({ state: { digest } }: { state: LoopState }) {
  const { trace, error } = useTrace(digest, 'sum')
  const [chosen, setChosen] = useState('W')
  if (!trace) return <Nothing why={error} />
  if ('omitted' in trace)
    return <OnlyNorms digest={digest} why={trace.omitted} chosen={chosen} onChoose={setChosen} />
  return (
    <>
      <Derivation trace={trace} isPlain={isPlainCell(digest)} chosen={chosen} onChoose={setChosen} />
      {digest.through && digest.through.batch > 1 && <p class="rnn-words">{say('sum.first')}</p>}
      <BatchStep step={trace.step} />
    </>
  )
}

/** A plain rnn of one layer: h is the whole state, δ_i is φ' times what arrives, and term i is δ_i h_{i-1}ᵀ. */
const isPlainCell = ({ cell }: LoopState['digest']): boolean => cell?.type === 'rnn' && cell.layers === 1

/** Too many numbers to look at: how large the terms are still says how far back the network learns. */
function OnlyNorms({
  digest,
  why,
  chosen,
  onChoose,
}: {
  digest: LoopState['digest']
  why: string
  chosen: string
  onChoose: (name: string) => void
}) {
  const { through } = digest
  if (!through) return <Nothing why={why} />
  const names = Object.keys(through.terms)
  const name = names.includes(chosen) ? chosen : names[0]
  return (
    <>
      <Formula
        tex={generalFormula(name, {
          last: through.steps,
          losses: through.readouts[2],
          isPlain: isPlainCell(digest),
        })}
        isBlock
      />
      <Choice label={say('parameter')} values={names} value={name} onChange={onChoose} />
      <p class="rnn-nothing">{say('sum.norms', { why })}</p>
      <TimeBars through={through} terms={through.terms[name]} label={say('sum.normsOf', { name })} />
    </>
  )
}

function Derivation({
  trace,
  isPlain,
  chosen,
  onChoose,
}: {
  trace: SumTrace
  isPlain: boolean
  chosen: string
  onChoose: (name: string) => void
}) {
  const { losses } = trace.factors
  const [loss, setLoss] = useState('all')
  const [picked, setPicked] = useState<number>()
  const times = losses.map(({ t }) => String(t))
  const which = losses.length === 1 ? times[0] : times.includes(loss) ? loss : 'all'
  const names = Object.keys(trace.gradient).filter((name) =>
    losses.some(({ terms }) => terms.some((term) => name in term)),
  )
  const name = names.includes(chosen) ? chosen : names[0]
  const terms = termsOf(trace.factors, name, which)
  const gradient = which === 'all' || losses.length === 1 ? asMatrix(trace.gradient[name]) : undefined
  const term = terms.find(({ i }) => i === picked) ?? terms.at(-1)
  const last = losses.at(-1)?.t ?? 1
  return (
    <>
      <Formula
        tex={generalFormula(name, {
          last: which === 'all' ? last : Number(which),
          losses: which === 'all' ? losses.length : 1,
          isPlain,
        })}
        isBlock
      />
      <Choice label={say('parameter')} values={names} value={name} onChange={onChoose} />
      <Choice
        label={say('sum.loss')}
        values={losses.length === 1 ? [] : ['all', ...times]}
        value={which}
        onChange={setLoss}
        nameOf={(time) => (time === 'all' ? say('sum.all') : say('sum.at', { t: time }))}
      />
      <div class="rnn-derivation">
        <div>
          <SumRow
            name={name}
            isPlain={isPlain}
            terms={terms}
            gradient={gradient}
            picked={term?.i}
            onPick={setPicked}
          />
          {gradient && <Equality name={name} difference={trace.difference[name]} />}
          <NumbersLine name={name} terms={terms} />
        </div>
        {term && (
          <TermFactors name={name} term={term} factors={trace.factors} which={which} isPlain={isPlain} />
        )}
      </div>
    </>
  )
}

/** What rounding leaves of a sum in single precision. */
const mostDifference = 1e-4

function Equality({ name, difference }: { name: string; difference: number | null | undefined }) {
  const isEqual = typeof difference === 'number' && difference <= mostDifference
  return (
    <p class="rnn-equality">
      {say(isEqual ? 'sum.equal' : 'sum.unequal', { name, difference: show(difference, 2) })}
    </p>
  )
}

/** Few and small terms fit on a line. */
function NumbersLine({ name, terms }: { name: string; terms: readonly SumTerm[] }) {
  const size = (terms[0]?.values.length ?? 0) * (terms[0]?.values[0]?.length ?? 0)
  if (terms.length > 4 || size > 9 || size === 0) return null
  return <Formula tex={numbersFormula(name, terms)} isBlock />
}
