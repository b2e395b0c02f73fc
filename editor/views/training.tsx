/** Training: loss, gradient norm before and after the clip, learning rate, and when the detector's state changed. */
import type { LoopState } from '../loop/feed'
import { LineChart } from '../pictures/line-chart'
import { show, showFigure } from '../pictures/number'
import { say } from '../say'

export function Training({ state: { digest, points, validations, alerts } }: { state: LoopState }) {
  const all = points.points()
  // validation passes have steps of their own
  const steps = [...new Set([...all.map(([step]) => step), ...validations.map(([step]) => step)])].sort(
    (a, b) => a - b,
  )
  const at = new Map(all.map((point) => [point[0], point]))
  const held = new Map(validations.map((validation) => [validation[0], validation]))
  const column = (index: 1 | 2 | 3 | 4) => steps.map((step) => at.get(step)?.[index])
  const latest = all.at(-1)
  const validation = validations.at(-1)
  const marks = alerts.map(([step, kind]) => ({ step, kind }))
  return (
    <>
      <LineChart
        title={say('training.loss')}
        words={say(validation ? 'training.lossAndValidation' : 'training.lossNow', {
          loss: showFigure(latest?.[1]),
          validation: showFigure(validation?.[1]),
        })}
        steps={steps}
        lines={[
          { label: say('training.train'), values: column(1) },
          ...(validations.length > 0
            ? [
                {
                  label: say('training.validation'),
                  values: steps.map((step) => held.get(step)?.[1]),
                  sparse: true,
                },
              ]
            : []),
        ]}
        marks={marks}
      />
      {digest.figure && validation && <p class="rnn-words">{figureWords(digest.figure, validation)}</p>}
      <LineChart
        title={say('training.norm')}
        words={say('training.normNow', { before: showFigure(latest?.[2]), after: show(latest?.[3]) })}
        steps={steps}
        lines={[
          { label: say('training.before'), values: column(2) },
          { label: say('training.after'), values: column(3) },
        ]}
        marks={marks}
      />
      {alerts.length > 0 && <Alerts alerts={alerts} />}
      <LineChart
        title={say('training.rate')}
        words={say('training.rateNow', { rate: show(latest?.[4]) })}
        steps={steps}
        lines={[{ label: say('training.rate'), values: column(4) }]}
      />
    </>
  )
}

function figureWords(
  figure: 'rmse' | 'accuracy',
  [, , value, naive]: LoopState['validations'][number],
): string {
  if (figure === 'accuracy')
    return say('training.accuracy', { share: value === null ? show(null) : show(100 * value) })
  return say(naive === null ? 'training.rmse' : 'training.rmseAndNaive', {
    rmse: show(value),
    naive: show(naive),
  })
}

const mostListed = 4

function Alerts({ alerts }: Pick<LoopState, 'alerts'>) {
  const listed = alerts.slice(-mostListed)
  return (
    <p class="rnn-words">
      {say('training.alerts')} {alerts.length > mostListed && '… '}
      {listed.map(([step, kind]) => say('training.alert', { step, state: say(`state.${kind}`) })).join(', ')}
    </p>
  )
}
