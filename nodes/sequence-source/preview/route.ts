/** What the dialog of sequence-source asks of the runtime: a look at the first sequence. */
import type { NodeAPI } from 'node-red'
import { useLimits } from '../../common/engine'
import type { SequenceSourceConfig } from '../options'
import { closePreviews } from './aside'
import { readsFile, sourcePreview } from './source-preview'
import type { PreviewAnswer } from './wire'

/** Files are what only somebody who may deploy can have a node read. */
export function addPreviewRoute(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('recurrent.read')
  const mayDeploy = RED.auth.needsPermission('flows.write')
  RED.httpAdmin.post(
    '/recurrent/preview',
    mayRead,
    (request, response, next) => {
      if (readsFile(configOf(request.body))) mayDeploy(request, response, next)
      else next()
    },
    async (request, response) => {
      response.json(await answerTo(RED, configOf(request.body)))
    },
  )
  RED.events.on('flows:stopped', () => closePreviews())
}

async function answerTo(RED: NodeAPI, config: SequenceSourceConfig): Promise<PreviewAnswer> {
  try {
    // there may be no node yet that has read them
    useLimits(RED)
    return await sourcePreview(RED, config)
  } catch (error) {
    return { error: sentence(error instanceof Error ? error.message : String(error)) }
  }
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** A dialog holds texts and switches, and nothing else. */
function configOf(body: unknown): SequenceSourceConfig {
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : []
  return Object.fromEntries(
    entries.filter(([, value]) => typeof value === 'string' || typeof value === 'boolean'),
  ) as unknown as SequenceSourceConfig
}
