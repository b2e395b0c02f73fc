/**
 * Texts that come from elsewhere (messages, columns, classes, names of nodes and tabs, answers of the runtime) are shown as
 * texts in the editor: what looks like a tag or a command of KaTeX stays the characters that it is.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { prepareUserDirectory } from '../../scripts/user-directory'
import { browserPath, launch } from '../support/browser'
import { closeDialog, openDialog, openEditor } from '../support/editor'
import { build, type NodeRed, startNodeRed } from '../support/node-red'
import { selectNode, showView, viewNames } from '../support/sidebar'

/** Runs as soon as it is HTML anywhere; short enough to be quoted whole in an error. */
const tag = '<img src=x onerror=hacked=1>'
/** Does nothing as long as KaTeX does not trust it. */
const command = '\\href{javascript:hacked=1}{\\htmlData{x=1}{W}}'

const file = `${tag}.csv`
const rows = Array.from({ length: 80 }, (_, row) => `${Math.sin(row)},${row % 3 ? tag : `${tag}${tag}`}`)
const csv = [`${tag},kind of ${tag}`, ...rows].join('\n')

const place = { z: 'tab', x: 200, y: 100 }
const named = { ...place, name: tag }
const shown = { ...named, type: 'debug', active: true, tosidebar: true, targetType: 'msg', wires: [] }
const flow = [
  { id: 'tab', type: 'tab', label: tag },
  {
    ...named,
    id: 'begin',
    type: 'inject',
    props: [
      { p: 'topic', v: tag, vt: 'str' },
      { p: 'reset', v: 'true', vt: 'bool' },
    ],
    once: true,
    onceDelay: 0.1,
    wires: [['source']],
  },
  {
    ...named,
    id: 'source',
    type: 'sequence-source',
    task: 'dataset',
    from: 'file',
    file,
    fileType: 'str',
    columns: tag,
    targetColumns: `kind of ${tag}`,
    targetKind: 'class',
    length: '4',
    batch: '2',
    budget: '3',
    wires: [['cell'], []],
  },
  { ...named, id: 'cell', type: 'rnn-cell', hiddenSize: '3', wires: [['unroll'], ['source'], []] },
  { ...named, id: 'unroll', type: 'unroll', topology: 'many-to-one', wires: [['bptt'], []] },
  { ...named, id: 'bptt', type: 'bptt-gradient', normThreshold: '1e-9', wires: [['clip'], ['alert']] },
  { ...named, id: 'clip', type: 'clip-gradient', wires: [['optimizer']] },
  { ...named, id: 'optimizer', type: 'optimizer', wires: [['cell']] },
  {
    ...named,
    id: 'hostile',
    type: 'inject',
    props: [
      { p: 'topic', v: tag, vt: 'str' },
      { p: 'payload', v: tag, vt: 'str' },
      { p: 'control', v: tag, vt: 'str' },
    ],
    wires: [['source', 'cell', 'unroll', 'said']],
  },
  { ...named, id: 'wrong', type: 'catch', scope: null, wires: [['reason']] },
  { ...shown, id: 'reason', complete: 'error.message' },
  { ...shown, id: 'alert', complete: 'topic' },
  { ...shown, id: 'said', complete: 'true' },
]

describe('hostile texts in the editor', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page

  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed(flow, (directory) => {
      build()
      prepareUserDirectory(directory)
      writeFileSync(join(directory, file), csv)
    })
    browser = await launch()
    const opened = await openEditor(browser, nodeRed, { width: 1280, height: 800 })
    page = opened.page
    page.setDefaultTimeout(15_000)
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })

  afterEach(async () => {
    if (page && (await page.locator('#node-dialog-cancel').isVisible())) await closeDialog(page, 'cancel')
  })

  /** Nothing has run, and nothing is there that would; a moment is given to what loads an image first. */
  const nothingRan = async () => {
    await page.waitForTimeout(200)
    should(await page.evaluate(() => 'hacked' in window)).be.false()
    should(await page.locator('img[src="x"], a[href^="javascript"], [data-x]').count()).equal(0)
  }
  const show = (id: string) => page.evaluate(`RED.sidebar.show(${JSON.stringify(id)})`)
  const saysIn = async (selector: string, text: string) => {
    const found = page.locator(selector).filter({ hasText: text })
    await found.first().waitFor({ state: 'attached' })
  }

  it('on the canvas and among debug messages: names, the topic, the payload, alerts and errors', async () => {
    await show('debug')
    await fetch(`${nodeRed.url}/inject/hostile`, { method: 'POST' })
    await saysIn('.red-ui-debug-msg', `payload: "${tag}"`)
    await saysIn('.red-ui-debug-msg', `sequence-source "${tag}": expected msg.control`)
    await fetch(`${nodeRed.url}/inject/begin`, { method: 'POST' })
    await saysIn('.red-ui-debug-msg', `msg.topic : string[${tag.length}]"${tag}"`)
    await saysIn('.red-ui-flow-node-label', tag)
    await nothingRan()
  })

  it('in the preview of a source: columns and classes', async () => {
    await openDialog(page, 'sequence-source')
    await saysIn('#sequence-source-preview desc', tag)
    const words = (await page.locator('#sequence-source-preview').textContent()) ?? ''
    should(words).match(/<img src…/)
    should(words).containEql(`${tag}`).and.not.containEql('&lt;')
    await nothingRan()
  })

  it('in the preview of a source: the characters of a text', async () => {
    await openDialog(page, 'sequence-source', {
      task: 'text',
      from: 'typed',
      text: tag.repeat(9),
      length: '28',
    })
    await page.waitForSelector('#sequence-source-preview .rnn-cells')
    const letters = await page.locator('#sequence-source-preview .rnn-cells text').allTextContents()
    should(letters).containEql('<').and.containEql('>')
    await nothingRan()
  })

  for (const fields of [{ columns: `a ${tag}` }, { groupColumn: tag.slice(0, -1) }, { file: `no ${tag}` }])
    it(`in the preview of a source: what is wrong with ${Object.keys(fields)}`, async () => {
      const usual = { task: 'dataset', from: 'file', file, columns: tag, groupColumn: '', length: '4' }
      await openDialog(page, 'sequence-source', { ...usual, ...fields })
      await page.waitForSelector('#sequence-source-preview.rnn-note')
      await saysIn('#sequence-source-preview.rnn-note', '<img src=x onerror=hacked=1')
      await nothingRan()
    })

  it('in the fields of every dialog', async () => {
    for (const [type, fields] of [
      ['rnn-cell', { store: tag, parameters: tag, activation: tag, hiddenSize: tag }],
      ['optimizer', { store: tag, rule: tag, schedule: tag, learningRate: tag }],
      ['unroll', { topology: tag, state: tag }],
      ['bptt-gradient', { loss: tag, normThreshold: tag }],
      ['clip-gradient', { rule: tag, threshold: tag }],
      ['sequence-source', { task: tag, from: tag, text: tag }],
    ] as const) {
      await openDialog(page, type, fields)
      await nothingRan()
      await closeDialog(page, 'cancel')
    }
  })

  it('in the sidebar: names, reasons, names of parameters, in formulas too, and errors of the runtime', async () => {
    await page.route(/recurrent\/loops\/cell$/, async (route) => {
      const answer = await route.fetch()
      const loop = await answer.json()
      const terms = { [tag]: loop.through.terms.W, [command]: loop.through.terms.W }
      const through = { ...loop.through, state: 'exploding', reasons: [tag], terms }
      await route.fulfill({
        response: answer,
        json: { ...loop, through, cell: { ...loop.cell, activation: tag } },
      })
    })
    await page.route(/recurrent\/loops\/cell\/sum$/, (route) =>
      route.fulfill({ json: { omitted: `omitted ${tag}`, begun: 1, step: 3 } }),
    )
    await page.route(/recurrent\/loops\/cell\/(credit|weights|check)$/, (route) =>
      route.fulfill({ status: 400, json: { error: `refused ${tag}` } }),
    )
    await page.route(/recurrent\/sources\//, (route) =>
      route.fulfill({ status: 400, json: { error: `held ${tag}` } }),
    )
    await show('recurrent')
    await selectNode(page, 'cell')
    await saysIn('.rnn-panel h3', `${tag} · ${tag}`)
    for (const view of viewNames) {
      await showView(page, view)
      if (view === 'through') await saysIn('.rnn-verdict', tag)
      if (view === 'credit' || view === 'weights') await saysIn('.rnn-nothing', `refused ${tag}`)
      if (view === 'sum') {
        await saysIn('.rnn-nothing', `omitted ${tag}`)
        for (const name of [tag, command]) {
          await page.locator('.rnn-choice button').filter({ hasText: name }).click()
          await page.waitForSelector('.rnn-formula .katex')
          await nothingRan()
        }
      }
      await nothingRan()
    }
    await page.locator('.rnn-check button').first().click()
    await saysIn('.rnn-check', `refused ${tag}`)
    await page.locator('.rnn-buttons button').first().click()
    await saysIn('.rnn-error', `held ${tag}`)
    await nothingRan()
  })
})
