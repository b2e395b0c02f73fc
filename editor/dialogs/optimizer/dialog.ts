/** The dialog of optimizer: only the fields of the chosen rule and schedule, and the schedule as a curve. */
import { ruleOptions } from '../../../src/optimizer/rules'
import { scheduleNames } from '../../../src/optimizer/schedule/options'
import { inputOf, saved } from '../common/fields'
import { beginDialog, keepUpToDate, offerStores, showRows, typedField } from '../common/open'
import { type Conditions, type Get, isBlank } from '../common/values'
import { wordsOf } from '../common/words'
import { isRateTyped } from './check'
import { applies, isNeeded, optionsOf, ruleOf, scheduleField, usual } from './fields'
import { showCurve } from './show-curve'

export { check } from './check'

const fields = new Set<string>([
  ...Object.values(ruleOptions).flat(),
  ...scheduleNames.flatMap(optionsOf).map(scheduleField),
])
fields.delete('rule')
fields.delete('schedule')

const conditions: Conditions = Object.fromEntries(
  [...fields].map((field) => [field, (get: Get) => applies(get, field)]),
)

export function label(node: EditorNode): string {
  const get = saved(node)
  const rule = ruleOf(get)
  if (!isRateTyped(get) || !(rule in ruleOptions)) return rule
  return `${rule} ${isBlank(get('learningRate')) ? usual(get, 'learningRate') : get('learningRate')}`
}

export function open(node: EditorNode): void {
  const get = beginDialog(node)
  typedField('learningRate', ['num', 'msg', 'flow', 'global', 'env'])
  offerStores(node)
  keepUpToDate(() => {
    showRows(get, conditions)
    for (const field of fields) showUsual(get, field)
    showCurve(node, get)
  })
}

const say = wordsOf('optimizer')

/** In grey: what a blank field counts as. */
function showUsual(get: Get, field: string): void {
  const input = inputOf(field)
  // milestones have words of their own
  if (!(input instanceof HTMLInputElement) || field === 'scheduleMilestones') return
  const number = field === 'scheduleTotalSteps' ? say('blank.ofBudget') : usual(get, field)
  input.placeholder = isNeeded(get, field) ? say('blank.needed') : (number ?? '')
}
