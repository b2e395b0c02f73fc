/** The preview of the open dialog: asked for when it opens, and again a moment after something has changed. */
import { render } from 'preact'
import type { PreviewAnswer } from '../../../../nodes/sequence-source/preview/wire'
import type { Get } from '../../common/values'
import { wordsOf } from '../../common/words'
import { check } from '../check'
import { isStream } from '../stream'
import { applies, has, numberOf, placeOf, taskOf } from '../tasks'
import { askForPreview } from './ask'
import { Preview } from './preview'

const say = wordsOf('sequence-source')

const delay = 300

/** What says nothing of the first sequence. */
const without = ['name', 'batch', 'budget', 'budgetUnit']

/** @returns to be called after every change */
export function startPreview(node: EditorNode, get: Get): () => void {
  const place = document.getElementById('sequence-source-preview')
  let asked = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const show = (answer: PreviewAnswer) => {
    if (!place?.isConnected) return
    const words = { task: taskOf(get), ahead: aheadOf(get), say }
    render('error' in answer ? answer.error : <Preview preview={answer} {...words} />, place)
    place.classList.toggle('rnn-note', 'error' in answer)
  }
  const ask = async (config: string) => {
    const answer = await askForPreview(JSON.parse(config))
    if (config === asked) show(answer)
  }

  return () => {
    const reason = whyNot(node, get)
    const config = reason ?? JSON.stringify(configOf(node, get))
    if (config === asked) return
    const isFirst = asked === ''
    asked = config
    clearTimeout(timer)
    if (reason !== undefined) show({ error: reason })
    else timer = setTimeout(() => ask(config), isFirst ? 0 : delay)
  }
}

/** The fields of the task, as the dialog shows them. */
function configOf(node: EditorNode, get: Get): Record<string, unknown> {
  const fields = Object.keys(node._def.defaults).filter(
    (field) => !without.includes(field) && (applies(get, field) || ['task', 'fileType'].includes(field)),
  )
  return { id: node.id, ...Object.fromEntries(fields.map((field) => [field, get(field)])) }
}

/** The sentence for why there is nothing to look at before the flow runs; undefined if there is. */
function whyNot(node: EditorNode, get: Get): string | undefined {
  if (isStream(get)) return say('preview.stream')
  if (applies(get, 'from') && placeOf(get) === 'payload') return say('preview.payload')
  const fields = Object.keys(node._def.defaults).filter((field) => applies(get, field))
  const isLater = (field: string) => /^\$[{(].*[})]$/.test(String(get(field)))
  const comesLater = applies(get, 'file') && !['str', 'env', ''].includes(String(get('fileType') ?? ''))
  if (comesLater || fields.some(isLater)) return say('preview.later')
  return fields.map((field) => check(node, field, get(field))).find((found) => found !== true) as
    | string
    | undefined
}

/** How far ahead targets lie that say how the inputs go on; undefined if they are another quantity. */
function aheadOf(get: Get): number | undefined {
  const task = taskOf(get)
  if (has(get, 'horizon')) return numberOf(get, 'horizon')
  return task === 'sine' ? 1 : undefined
}
