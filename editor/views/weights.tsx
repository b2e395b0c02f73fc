/** Weights: W, U, V as heat maps, and what W alone says about gradients. */
import type { WeightsTrace } from '../../nodes/watch/trace'
import type { LoopState } from '../loop/feed'
import { ColourScale } from '../pictures/colour-scale'
import { Eigenvalues } from '../pictures/eigenvalues'
import { Figure } from '../pictures/figure'
import { HeatMap, largest } from '../pictures/heat-map'
import { show } from '../pictures/number'
import { say } from '../say'
import { BatchStep, Nothing } from './parts'
import { useTrace } from './use-trace'

export function Weights({ state: { digest } }: { state: LoopState }) {
  const { trace, error } = useTrace(digest, 'weights')
  if (!trace) return <Nothing why={error} />
  if ('omitted' in trace) return <Nothing why={trace.omitted} />
  return (
    <div class="rnn-gallery">
      {Object.entries(trace.matrices).map(([name, { rows, columns, stride, values }]) => (
        <Figure
          key={name}
          title={say('weights.matrix', { name, rows, columns })}
          words={stride > 1 ? say('weights.stride', { stride }) : undefined}
        >
          <HeatMap
            title={say('weights.matrix', { name, rows, columns })}
            values={values}
            scale="values"
            nameOf={(row, column) => `${name}[${row * stride + 1}, ${column * stride + 1}]`}
          />
          <ColourScale scale="values" most={largest(values)} />
        </Figure>
      ))}
      {Object.entries(trace.recurrent).map(([name, spectrum]) => (
        <Spectrum key={name} name={name} spectrum={spectrum} />
      ))}
      {typeof trace.lyapunov === 'number' && (
        <p class="rnn-words">{say('weights.lyapunov', { lyapunov: show(trace.lyapunov) })}</p>
      )}
      <BatchStep step={trace.step} />
    </div>
  )
}

function Spectrum({ name, spectrum }: { name: string; spectrum: WeightsTrace['recurrent'][string] }) {
  if ('omitted' in spectrum) return <Nothing why={say('weights.omitted', { name, why: spectrum.omitted })} />
  const { blocks, pascanu } = spectrum
  return (
    <>
      {Object.entries(blocks).map(([gate, { eigenvalues, spectralRadius, sigmaMax }]) => {
        const block = Object.keys(blocks).length > 1 ? `${name} (${gate})` : name
        return (
          <Eigenvalues
            key={gate}
            title={say('weights.eigenvalues', { name: block })}
            words={say('weights.radius', {
              radius: show(spectralRadius),
              outside: eigenvalues.filter(({ re, im }) => Math.hypot(re ?? 0, im ?? 0) > 1).length,
              count: eigenvalues.length,
              sigma: show(sigmaMax),
            })}
            values={eigenvalues}
          />
        )
      })}
      {pascanu && (
        <p class="rnn-verdict">
          <strong>{say('weights.bound', { name, bound: show(pascanu.bound) })}</strong>{' '}
          {say(`weights.verdict.${pascanu.verdict}`)}
        </p>
      )}
    </>
  )
}
