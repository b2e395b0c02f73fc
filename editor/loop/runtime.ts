/** What the sidebar asks of the runtime. Every answer that is none is an error in the runtime's own words. */
import type { CheckTrace, CreditTrace, Omitted, SumTrace, WeightsTrace } from '../../nodes/watch/trace'
import type { Control, LoopDigest } from '../../nodes/watch/wire'

export interface Traces {
  credit: CreditTrace
  sum: SumTrace
  weights: WeightsTrace
  check: CheckTrace
}

export type Trace<View extends keyof Traces> = (Traces[View] | Omitted) & { begun: number; step: number }

/** Adds Node-RED's access token, which jQuery's requests in the editor carry by themselves. */
async function ask(path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    $.ajax({
      url: path,
      method: body ? 'POST' : 'GET',
      dataType: 'json',
      ...(body && { contentType: 'application/json', data: JSON.stringify(body) }),
    }).then(resolve, (answer: { responseJSON?: { error?: string }; statusText?: string }) =>
      reject(new Error(answer.responseJSON?.error ?? answer.statusText ?? 'error')),
    )
  })
}

const at = encodeURIComponent

export const lookAt = (loops: string[]): Promise<unknown> => ask('recurrent/look', { loops })

export const fetchLoop = async (id: string): Promise<LoopDigest | null> =>
  (await ask(`recurrent/loops/${at(id)}`)) as LoopDigest | null

export const fetchTrace = async <View extends keyof Traces>(
  id: string,
  view: View,
): Promise<Trace<View> | null> => (await ask(`recurrent/loops/${at(id)}/${view}`)) as Trace<View> | null

export const sendControl = (source: string, control: Control): Promise<unknown> =>
  ask(`recurrent/sources/${at(source)}`, { control })
