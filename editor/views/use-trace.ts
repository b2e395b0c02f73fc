/** A trace of a loop's latest batch, fetched again as training goes on: never two at a time, at most one a second. */
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { LoopDigest } from '../../nodes/watch/wire'
import { fetchTrace, type Trace, type Traces } from '../loop/runtime'
import { Visible } from '../loop/visible'

const pause = 1000

export interface Fetched<View extends keyof Traces> {
  readonly trace?: Trace<View>
  readonly error?: string
}

/** Which batch: the start of training, and the step. */
const batchOf = ({ begun, step }: { begun: number; step: number }) => `${begun} ${step}`

/** While the trace is of an earlier batch than the digest it is asked for again. */
export function useTrace<View extends keyof Traces>(
  { id, begun, progress }: LoopDigest,
  view: View,
): Fetched<View> {
  const [fetched, setFetched] = useState<Fetched<View>>({})
  const isVisible = useContext(Visible)
  const wanted = useRef('')
  wanted.current = batchOf({ begun, step: progress.step })

  useEffect(() => {
    let isGone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let shown: string | undefined
    setFetched({})
    const show = (next: Fetched<View>) => {
      if (!isGone) setFetched((before) => ({ ...before, error: undefined, ...next }))
    }
    const look = async () => {
      if (shown !== wanted.current && isVisible()) {
        try {
          const trace = await fetchTrace(id, view)
          if (trace) {
            shown = batchOf(trace)
            show({ trace })
          }
        } catch (error) {
          show({ error: (error as Error).message })
        }
      }
      if (!isGone) timer = setTimeout(look, pause)
    }
    look()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [id, view, isVisible])
  return fetched
}
