/** A trace of a loop's latest batch, fetched again as training goes on: never two at a time, at most one a second. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { fetchTrace, type Trace, type Traces } from '../loop/runtime'

const pause = 1000

export interface Fetched<View extends keyof Traces> {
  readonly trace?: Trace<View>
  readonly error?: string
}

/** @param step of the latest batch; while the trace is of an earlier one it is asked for again */
export function useTrace<View extends keyof Traces>(id: string, view: View, step: number): Fetched<View> {
  const [fetched, setFetched] = useState<Fetched<View>>({})
  const wanted = useRef(step)
  wanted.current = step

  useEffect(() => {
    let isGone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let shown: number | undefined
    setFetched({})
    const show = (next: Fetched<View>) => {
      if (!isGone) setFetched((before) => ({ ...before, error: undefined, ...next }))
    }
    const look = async () => {
      if (shown !== wanted.current && !document.hidden) {
        try {
          const trace = await fetchTrace(id, view)
          if (trace) {
            shown = trace.step
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
  }, [id, view])
  return fetched
}
