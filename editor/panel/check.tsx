/** The button that holds the gradient of the latest batch to finite differences. */
import { useState } from 'preact/hooks'
import { fetchTrace, type Traces } from '../loop/runtime'
import { show } from '../pictures/number'
import { say } from '../say'

type Result = { trace: Traces['check'] & { step: number } } | { error: string } | 'running'

export function Check({ id }: { id: string }) {
  const [result, setResult] = useState<Result>()
  const run = () => {
    setResult('running')
    fetchTrace(id, 'check').then(
      (trace) => setResult(trace ? ('omitted' in trace ? { error: trace.omitted } : { trace }) : undefined),
      (error: Error) => setResult({ error: error.message }),
    )
  }
  return (
    <div class="rnn-check">
      <button
        type="button"
        class="red-ui-button red-ui-button-small"
        onClick={run}
        disabled={result === 'running'}
        title={say('check.help')}
      >
        <i class="fa fa-check-square-o" aria-hidden="true" /> {say('check.button')}
      </button>
      <span role="status">{result && wordsOf(result)}</span>
    </div>
  )
}

function wordsOf(result: Result): string {
  if (result === 'running') return say('check.running')
  if ('error' in result) return result.error
  const { largest, at, parameters, step } = result.trace
  const checked = Object.values(parameters).reduce((sum, one) => sum + (one.checked ?? 0), 0)
  const of = Object.values(parameters).reduce((sum, one) => sum + (one.of ?? 0), 0)
  return say(result.trace.sequences === 1 ? 'check.resultOfOne' : 'check.result', {
    error: show(largest, 2),
    name: at,
    checked,
    of,
    step,
  })
}
