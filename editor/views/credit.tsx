/** Credit: which step gets credit from which loss, as a matrix of loss by step. */
import { useState } from 'preact/hooks'
import type { LoopState } from '../loop/feed'
import { ColourScale } from '../pictures/colour-scale'
import { Figure } from '../pictures/figure'
import { HeatMap, largest } from '../pictures/heat-map'
import { show } from '../pictures/number'
import { say } from '../say'
import { BatchStep, Choice, Nothing } from './parts'
import { useTrace } from './use-trace'

export function CreditView({ state: { digest } }: { state: LoopState }) {
  const { trace, error } = useTrace(digest, 'credit')
  const [chosen, setChosen] = useState('W')
  if (!trace) return <Nothing why={error} />
  if ('omitted' in trace) return <Nothing why={trace.omitted} />
  const names = Object.keys(trace.norms)
  const name = names.includes(chosen) ? chosen : names[0]
  const { losses, steps, stride, sequences } = trace
  const title = say('credit.title', { name, losses: losses.length, steps: steps.length })
  return (
    <>
      <Choice label={say('parameter')} values={names} value={name} onChange={setChosen} />
      <Figure title={title} words={say('credit.words', { most: show(largest(trace.norms[name])) })}>
        <p class="rnn-axis-name">{say('credit.columns')}</p>
        <HeatMap
          title={title}
          values={trace.norms[name]}
          scale="sizes"
          nameOf={(row, column) => say('credit.cell', { loss: losses[row], step: steps[column] })}
        />
        <p class="rnn-axis-name">{say('credit.rows')}</p>
        <ColourScale scale="sizes" most={largest(trace.norms[name])} />
      </Figure>
      {stride > 1 && <p class="rnn-words">{say('credit.stride', { stride })}</p>}
      {sequences === 1 && digest.through && digest.through.batch > 1 && (
        <p class="rnn-words">{say('credit.first')}</p>
      )}
      <BatchStep step={trace.step} />
    </>
  )
}
