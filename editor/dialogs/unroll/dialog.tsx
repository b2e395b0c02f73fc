/** The dialog of unroll: the fields of each topology, and its picture. */
import { render } from 'preact'
import { usualLimits } from '../../../src/limits'
import { isFed, readsOnce } from '../../../src/unroll/topology'
import { checker, type Fits } from '../common/checker'
import { beginDialog, keepUpToDate, offerStores, showRows } from '../common/open'
import { type Conditions, type Get, isAbove, isWhole, isWithin } from '../common/values'
import { wordsOf } from '../common/words'
import { Picture } from './picture'
import { type DrawnStep, drawnSteps, topologyOf } from './plan'

const fits: Fits = {
  steps: (value) => isWhole(value, 1, usualLimits.maxSteps),
  teacherForcing: (value) => isWithin(0, 1, value),
  topics: (value) => isWhole(value, 1, usualLimits.maxTopics),
  anomalyBand: (value) => isAbove(0, value),
  anomalyMemory: (value) => isWithin(1, 1_000_000, value),
  anomalyWarmUp: (value) => isWhole(value, 2, 1_000_000),
}

const hasFed = (get: Get) => isFed(topologyOf(get))

const conditions: Conditions = {
  steps: hasFed,
  feed: hasFed,
  teacherForcing: hasFed,
  topics: (get) => get('state') === 'topic',
  pastEnd: (get) => !readsOnce(topologyOf(get)),
}

export const check = checker('unroll', fits, conditions)

const say = wordsOf('unroll')

export function open(node: EditorNode): void {
  const get = beginDialog(node)
  offerStores(node)
  keepUpToDate(() => {
    showRows(get, conditions)
    const place = document.getElementById('unroll-picture')
    const steps = drawnSteps(get)
    const title = say(`option.${topologyOf(get)}`)
    if (place) render(<Picture steps={steps} title={title} description={describeSteps(steps)} />, place)
  })
}

function describeSteps(steps: readonly DrawnStep[]): string {
  const list = (wanted: (step: DrawnStep) => boolean) =>
    steps
      .filter(wanted)
      .map(({ step }) => step)
      .join(', ')
  const fed = list(({ isFedBack }) => isFedBack)
  const plan = say('picture.plan', {
    steps: steps.length,
    inputs: list(({ hasInput }) => hasInput),
    outputs: list(({ hasOutput }) => hasOutput),
  })
  return fed === '' ? plan : `${plan} ${say('picture.fed', { fed })}`
}
