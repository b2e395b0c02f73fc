/** The six dialogs in a browser: what is wrong is said, what is entered is kept, and only what belongs is shown. */
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { browserPath, launch } from '../support/browser'
import {
  closeDialog,
  editorNode,
  enter,
  openDialog,
  openEditor,
  shownFields,
  still,
  types,
  unfold,
  visibleFields,
} from '../support/editor'
import { type NodeRed, startNodeRed } from '../support/node-red'
import { keepPicture } from '../support/sidebar'

describe('the dialogs', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page
  let problems: string[] = []

  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed(still('10 forecasting temperatures'))
    browser = await launch()
    const opened = await openEditor(browser, nodeRed, { width: 1280, height: 800 })
    page = opened.page
    problems = opened.problems
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })
  afterEach(async () => {
    if (page && (await page.locator('#node-dialog-cancel').isVisible())) await closeDialog(page, 'cancel')
  })

  for (const [type, before, field, bad, sentence, good] of [
    ['sequence-source', {}, 'length', '0', /^Length: a whole number from 1 to 100000$/, '24'],
    ['sequence-source', {}, 'validationSplit', '1', /^Validation share: a number from 0 to 0\.9$/, '0.2'],
    [
      'sequence-source',
      { task: 'stream' },
      'rate',
      '0',
      /^Batches a second: a number above 0, up to 1000$/,
      '2',
    ],
    [
      'sequence-source',
      { task: 'stream' },
      'replay',
      '0',
      /^Windows kept: a whole number from 1 to \d+$/,
      '50',
    ],
    ['rnn-cell', {}, 'hiddenSize', 'many', /^Hidden size: a whole number from 1 to 65536$/, '16'],
    ['rnn-cell', {}, 'parameters', '{"Z": 1}', /^Parameters: a JSON object/, ''],
    ['unroll', { state: 'topic' }, 'topics', '0', /^Topics, at most: a whole number/, '7'],
    ['bptt-gradient', { loss: 'huber' }, 'delta', '-1', /^Delta: a number above 0$/, '2'],
    ['bptt-gradient', { k1: '4' }, 'k2', '3', /^Truncation k2: .* no fewer than k1$/, '4'],
    [
      'clip-gradient',
      { rule: 'auto-clip' },
      'percentile',
      '101',
      /^Percentile: a number from 0 to 100$/,
      '9',
    ],
    ['optimizer', { schedule: 'step' }, 'scheduleStepSize', '1.5', /^Step size: a whole number from 1$/, '2'],
    ['optimizer', { rule: 'sgd' }, 'momentum', '1', /^Momentum μ: a number from 0, less than 1$/, '0.9'],
  ] as const)
    it(`${type} says what is wrong with ${field} "${bad}", wherever it is folded away`, async () => {
      await openDialog(page, type)
      await enter(page, { ...before, [field]: bad })
      await unfold(page, false)
      const input = page.locator(`#node-input-${field}`)
      await input.dispatchEvent('change')
      await input.waitFor({ state: 'visible' })
      should(await input.getAttribute('class')).match(/input-error/)
      await input.hover()
      const tooltip = page.locator('.red-ui-popover').last()
      await tooltip.waitFor({ state: 'visible' })
      should(await tooltip.textContent()).match(sentence)
      await enter(page, { [field]: good })
      await input.dispatchEvent('change')
      should(await input.getAttribute('class')).not.match(/input-error/)
    })

  for (const [type, entered, saved] of [
    [
      'sequence-source',
      {
        task: 'mackey-glass',
        length: '30',
        targetsPer: 'step',
        shuffle: false,
        budget: '7',
        budgetUnit: 'epochs',
      },
      {},
    ],
    [
      'sequence-source',
      { task: 'dataset', file: 'env.READINGS', columns: 'a, b', targetKind: 'class', targetColumns: 'c' },
      { file: 'READINGS', fileType: 'env' },
    ],
    ['sequence-source', { task: 'text', text: 'two\nlines <b>', encoding: 'index' }, { from: 'typed' }],
    [
      'sequence-source',
      {
        task: 'stream',
        time: 'field',
        timeField: 'when',
        interval: '60',
        gaps: 'mask',
        streamScaling: 'robust',
      },
      {},
    ],
    [
      'rnn-cell',
      { cellType: 'lstm', hiddenSize: '9', peepholes: true, gain: 'flow.knob', parameters: '{"c": [0]}' },
      { gain: 'knob', gainType: 'flow' },
    ],
    ['unroll', { topology: 'one-to-many', steps: '5', feed: 'output', originalUnits: false }, {}],
    ['bptt-gradient', { loss: 'huber', delta: '2', factors: true, watchNorm: false, k1: '3', k2: '6' }, {}],
    [
      'clip-gradient',
      { rule: 'per-tensor-norm', threshold: 'msg.limit', normType: 'inf' },
      { threshold: 'limit', thresholdType: 'msg' },
    ],
    [
      'optimizer',
      {
        rule: 'sgd',
        learningRate: '0.5',
        momentum: '0.9',
        nesterov: true,
        schedule: 'step',
        scheduleStepSize: '9',
      },
      { learningRateType: 'num' },
    ],
  ] as [string, Record<string, string | boolean>, Record<string, string>][])
    it(`${type} keeps what is entered, and opens with it: ${JSON.stringify(entered)}`, async () => {
      const before = await editorNode(page, type)
      await openDialog(page, type)
      await enter(page, entered)
      await closeDialog(page, 'ok')
      const expected = { ...entered, ...saved }
      should(await editorNode(page, type)).containEql(expected)
      await openDialog(page, type)
      should(await shownFields(page, Object.keys(expected))).eql(expected)
      await closeDialog(page, 'ok')
      should(await editorNode(page, type)).containEql(expected)
      await openDialog(page, type, before)
    })

  for (const type of types)
    it(`${type} is short: what is seldom needed is folded away, and all of it is in words`, async () => {
      await openDialog(page, type)
      await page.waitForTimeout(500)
      should(await page.locator('.rnn-dialog details[open]').count()).equal(0)
      const dialog = page.locator('.rnn-dialog')
      should((await dialog.boundingBox())?.height).be.below(600)
      await keepPicture(page, `dialog-${type}`)
      await visibleFields(page)
      should(await dialog.textContent()).not.match(/\w\.(label|option|count|picture|preview|curve|hint)\.\w/)
      const fields = page.locator('.rnn-dialog :is(input, select, textarea):not([type="hidden"])')
      const isCut = (elements: Element[]) =>
        elements.filter((element) => element.scrollWidth > element.clientWidth + 1).map(({ id }) => id)
      should(await fields.evaluateAll(isCut)).eql([])
    })

  for (const [type, fields, shown, hidden] of [
    ['clip-gradient', { rule: 'value' }, ['threshold'], ['normType', 'epsilon', 'percentile']],
    ['clip-gradient', { rule: 'z-clip' }, ['zThreshold', 'warmup', 'alpha'], ['threshold', 'percentile']],
    ['clip-gradient', { rule: 'none' }, ['rule'], ['threshold', 'epsilon']],
    ['optimizer', { rule: 'sgd' }, ['momentum', 'nesterov', 'dampening'], ['beta1', 'epsilon']],
    ['optimizer', { rule: 'lion' }, ['beta1', 'beta2'], ['momentum', 'epsilon', 'amsgrad']],
    ['bptt-gradient', { watchSpike: false }, ['watchSpike'], ['spikeWarmup', 'spikeFactor']],
  ] as [string, Record<string, string | boolean>, string[], string[]][])
    it(`${type} shows only what goes with ${JSON.stringify(fields)}`, async () => {
      await openDialog(page, type)
      await enter(page, fields)
      const visible = await visibleFields(page)
      should(shown.filter((field) => !visible.includes(field))).eql([])
      should(hidden.filter((field) => visible.includes(field))).eql([])
    })

  it('nothing went wrong on the page', () => {
    should(problems).eql([])
  })
})
