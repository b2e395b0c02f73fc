/** How far training is, and the buttons that hold it, let it go on, take one step or start it again. */
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Control } from '../../nodes/watch/wire'
import type { LoopState } from '../loop/feed'
import { sourceOf } from '../loop/follow'
import { sendControl } from '../loop/runtime'
import { Visible } from '../loop/visible'
import { show, showTime } from '../pictures/number'
import { say } from '../say'

const buttons: Record<Control, string> = {
  pause: 'fa-pause',
  resume: 'fa-play',
  step: 'fa-step-forward',
  reset: 'fa-refresh',
}

export function Controls({ id, state }: { id: string; state?: LoopState }) {
  const [error, setError] = useState<string>()
  const source = state?.digest.source ?? sourceOf(id)
  const progress = state?.digest.progress
  const digest = state?.digest
  const silent = useSecondsSince(digest ? `${digest.begun} ${digest.number} ${digest.progress.step}` : '')
  const goes = progress && !progress.paused && !progress.done && silent < silence
  const send = (control: Control) => {
    if (source === undefined) return setError(say('control.noSource'))
    setError(undefined)
    sendControl(source, control).catch((wrong: Error) => setError(wrong.message))
  }
  const button = (control: Control) => (
    <button
      type="button"
      class="red-ui-button red-ui-button-small"
      title={say(`control.${control}`)}
      aria-label={say(`control.${control}`)}
      onClick={() => send(control)}
    >
      <i class={`fa ${buttons[control]}`} aria-hidden="true" />
    </button>
  )
  return (
    <div class="rnn-controls">
      {progress && <Progress progress={progress} silent={silent} />}
      <div class="rnn-buttons">
        {goes ? button('pause') : button('resume')}
        {button('step')}
        {button('reset')}
      </div>
      {error && (
        <p class="rnn-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

/** From so many seconds without a step on it is said that there is none. */
const silence = 3

function Progress({
  progress: { step, steps, epoch, rate, paused, done },
  silent,
}: {
  progress: LoopState['digest']['progress']
  /** seconds since something was heard of the loop */
  silent: number
}) {
  const stands = paused || done || silent >= silence
  const left = stands || steps === undefined || !rate ? 0 : (steps - step) / rate
  const pace = () => {
    if (paused) return say('progress.paused')
    if (done) return say('progress.done')
    if (stands) return say('progress.silent', { time: showTime(silent) })
    return rate === null ? '' : say('progress.rate', { rate: show(rate) })
  }
  const words = [
    say(steps === undefined ? 'progress.step' : 'progress.stepOf', { step, steps }),
    epoch === undefined ? '' : say('progress.epoch', { epoch }),
    pace(),
    left > 0 ? say('progress.left', { time: showTime(left) }) : '',
  ].filter(Boolean)
  return (
    <div class="rnn-progress">
      {steps !== undefined && <progress max={steps} value={step} aria-label={say('progress.label')} />}
      <span>{words.join(' · ')}</span>
    </div>
  )
}

/** Seconds since a number has last changed. */
function useSecondsSince(value: string): number {
  const isVisible = useContext(Visible)
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    setSeconds(0)
    const timer = setInterval(() => isVisible() && setSeconds((before) => before + 1), 1000)
    return () => clearInterval(timer)
  }, [value, isVisible])
  return seconds
}
