/** The schedule of the open dialog as a curve over the training, or in words where it cannot be drawn. */
import { render } from 'preact'
import { defaultLearningRate } from '../../../src/optimizer/rules'
import { loopOf, sourceOf } from '../../loop/follow'
import { shortNumber } from '../common/numbers'
import { type Get, isBlank } from '../common/values'
import { wordsOf } from '../common/words'
import { isRateTyped } from './check'
import { Curve } from './curve'
import { applies, ruleOf, scheduleNameOf } from './fields'
import { type RateCurve, rateCurve, usualUpdates } from './schedule'

const say = wordsOf('optimizer')

export function showCurve(node: EditorNode, get: Get): void {
  const place = document.getElementById('optimizer-curve')
  const note = document.getElementById('optimizer-curve-note')
  if (!place || !note) return
  const updates = updatesOf(node, get)
  const curve = canBeDrawn(get) ? rateCurve(get, rateOf(get), updates) : undefined
  render(curve ? <Curve curve={curve} words={wordsFor(get, curve)} /> : null, place)
  note.textContent = noteOn(get, curve, updates)
  place.hidden = !curve
  note.hidden = note.textContent === ''
}

/** Updates in the budget of the source that this node is wired to; undefined if there is none. */
function updatesOf(node: EditorNode, get: Get): number | undefined {
  const cell = loopOf(node)
  const source = RED.nodes.node((cell && sourceOf(cell)) ?? '')
  const updates = Math.floor(Number(source?.budget || Number.NaN) / Number(get('accumulate') || 1))
  return source?.budgetUnit !== 'epochs' && updates >= 1 ? updates : undefined
}

/** Shares of the rate where it comes from elsewhere. */
function rateOf(get: Get): number {
  if (!isRateTyped(get)) return 1
  return isBlank(get('learningRate')) ? defaultLearningRate(ruleOf(get)) : Number(get('learningRate'))
}

const dependsOnValidation = (get: Get) => scheduleNameOf(get) === 'reduce-on-plateau'

const canBeDrawn = (get: Get) =>
  scheduleNameOf(get) !== 'constant' && (!dependsOnValidation(get) || Number(get('warmupSteps')) > 0)

function wordsFor(get: Get, { points, updates }: RateCurve) {
  const rates = points.map(([, rate]) => rate)
  return {
    title: say('curve.title'),
    description: say('curve.description', {
      updates,
      first: shortNumber(rates[0]),
      highest: shortNumber(Math.max(...rates)),
      last: shortNumber(rates[rates.length - 1]),
    }),
    updates: say('curve.updates'),
    rate: isRateTyped(get) ? 'η' : say('curve.share'),
    warmup: say('curve.warmup'),
  }
}

function noteOn(get: Get, curve: RateCurve | undefined, updates: number | undefined): string {
  if (scheduleNameOf(get) === 'constant') return ''
  if (dependsOnValidation(get)) return say('curve.plateau')
  if (!curve) return say('curve.incomplete')
  const isOpenEnded = applies(get, 'scheduleTotalSteps') && isBlank(get('scheduleTotalSteps'))
  return isOpenEnded && updates === undefined ? say('curve.noBudget', { updates: usualUpdates }) : ''
}
