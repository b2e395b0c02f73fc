/** The dialog of sequence-source: the fields of each task, how to wire it, and a look at its first sequence. */
import { inputOf, saved, setField, shown } from '../common/fields'
import { beginDialog, keepUpToDate, offerStores, showRows, typedField } from '../common/open'
import type { Conditions, Get } from '../common/values'
import { wordsOf } from '../common/words'
import { lengthLabel } from './check'
import { startPreview } from './preview/start'
import { isStream } from './stream'
import { applies, has, numberFields, ownFields, placeOf, stepsOf, taskOf, usual } from './tasks'
import { lossOf, topologyOf } from './wiring'

export { check } from './check'

const say = wordsOf('sequence-source')

export function label(node: EditorNode): string {
  const get = saved(node)
  const steps = stepsOf(get)
  return steps === undefined ? taskOf(get) : `${taskOf(get)} (${steps})`
}

export function open(node: EditorNode): void {
  // which place a flow written by hand means when it names none depends on the task
  if (node.from === undefined) {
    node.from = placeOf(saved(node))
    setField('from', node.from)
  }
  const get = beginDialog(node)
  typedField('file', ['str', 'env', 'flow', 'global', 'msg'])
  offerStores(node)
  offerPlaces(get)
  const preview = startPreview(node, shown(node))
  keepUpToDate(() => {
    showFields(get)
    preview()
  })
}

const conditions: Conditions = Object.fromEntries(
  ownFields.map((field) => [field, (get: Get) => applies(get, field)]),
)

function showFields(get: Get): void {
  showRows(get, conditions)
  for (const field of numberFields) inputOf(field)?.setAttribute('placeholder', String(usual(get, field)))
  setText('label[for="node-input-length"] span', lengthLabel(get))
  const topology = say(`hint.${topologyOf(get)}`)
  const hint = say('hint.sentence', { topology, loss: say(`hint.${lossOf(get)}`) })
  setText('#sequence-source-hint', isStream(get) ? `${hint}\n${say('hint.stream')}` : hint)
  const typed = document.querySelector<HTMLOptionElement>('#node-input-from option[value="typed"]')
  if (typed) typed.hidden = !has(get, 'text')
}

function setText(selector: string, text: string): void {
  const found = document.querySelector(selector)
  if (found) found.textContent = text
}

/** With another task its usual place, where the one that was chosen does not go with it. */
function offerPlaces(get: Get): void {
  let task = taskOf(get)
  $('#node-input-task').on('change', () => {
    // the editor says "change" of every field when the dialog opens
    if (taskOf(get) === task) return
    task = taskOf(get)
    if (has(get, 'text')) setField('from', 'typed')
    else if (get('from') === 'typed') setField('from', 'file')
  })
}
