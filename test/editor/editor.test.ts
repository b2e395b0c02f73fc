/** The editor in a browser: palette, dialogs, validators, help, the demo flow on the canvas. */
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { root } from '../../scripts/assets'
import { browserPath, launch } from '../support/browser'
import { closeDialog, type Editor, editorNode, openDialog, openEditor, types } from '../support/editor'
import { example, type NodeRed, startNodeRed } from '../support/node-red'

describe('in the editor', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page
  let problems: string[] = []

  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed(example('10 forecasting temperatures'))
    browser = await launch()
    const opened = await openEditor(browser, nodeRed, { width: 1720, height: 820 })
    page = opened.page
    problems = opened.problems
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })

  it('the palette has a category recurrent with the six nodes', async () => {
    const inPalette = await page.$$eval(
      '#red-ui-palette-recurrent-input, #red-ui-palette-recurrent .red-ui-palette-node',
      (found) => found.map((node) => node.getAttribute('data-palette-type')).filter(Boolean),
    )
    should(inPalette.sort()).eql([...types].sort())
  })

  it('all nodes of the demo are valid', async () => {
    for (const type of types) should((await editorNode(page, type)).valid).be.true(type)
  })

  for (const type of types) {
    it(`the dialog of ${type} opens in words, and closing it changes nothing`, async () => {
      await openDialog(page, type)
      const text = await page.$eval('.red-ui-editor .red-ui-tray-body', (body) => body.textContent ?? '')
      should(text).not.match(new RegExp(`${type}\\.(label|option|placeholder|error)\\.`))
      should(text.length).be.above(20)
      await closeDialog(page, 'ok')
      should(await page.evaluate(() => (window as unknown as { RED: Editor }).RED.nodes.dirty())).be.false()
    })

    it(`the help of ${type} is there`, async () => {
      await page.evaluate(
        (wanted) => (window as unknown as { RED: Editor }).RED.sidebar.help.show(wanted),
        type,
      )
      const help = page.locator('.red-ui-help', { hasText: 'Inputs' }).first()
      await help.waitFor({ state: 'visible' })
      should(await help.textContent()).match(/Details/)
    })
  }

  for (const [type, field, bad, good] of [
    ['sequence-source', 'length', '0', '24'],
    ['sequence-source', 'validationSplit', '1.5', '0.2'],
    ['sequence-source', 'batch', 'many', '32'],
    ['rnn-cell', 'hiddenSize', '-3', '16'],
    ['rnn-cell', 'parameters', '{"W":', ''],
    ['bptt-gradient', 'growthThreshold', '0.5', '1000'],
    ['clip-gradient', 'threshold', '0', '1'],
    ['optimizer', 'learningRate', '-1', '0.001'],
  ] as const) {
    it(`${type}: ${field} "${bad}" is marked as wrong, with a sentence, and "${good}" is not`, async () => {
      const check = (value: string) =>
        page.evaluate(
          ([wanted, property, entry]) => {
            const { RED } = window as unknown as { RED: Editor }
            const node = RED.nodes.filterNodes({ type: wanted })[0]
            const before = node[property]
            node[property] = entry
            RED.editor.validateNode(node)
            const { valid, validationErrors } = node
            node[property] = before
            RED.editor.validateNode(node)
            return { valid, validationErrors }
          },
          [type, field, value],
        )
      const wrong = await check(bad)
      should(wrong.valid).be.false()
      should(String(wrong.validationErrors))
        .match(/\w+ .*\w+/)
        .and.not.match(/error\./)
      should((await check(good)).valid).be.true()
    })
  }

  it('the canvas shows the training: a status under each node', async () => {
    await nodeRed.prints(/forecast error on the held-out days/)
    await page.waitForTimeout(1500)
    const statuses = await page.$$eval('.red-ui-flow-node-status-label', (labels) =>
      labels.map((label) => label.textContent ?? ''),
    )
    for (const expected of [/done/, /loss|vanishing/, /2\.\d\d °C, naive 2\.48 °C/])
      should(statuses.some((text) => expected.test(text))).be.true(`${expected} in ${statuses}`)
    should(statuses.join()).not.match(/status\./)
    if (process.env.RNN_SCREENSHOTS) await page.screenshot({ path: resolve(root, 'docs/demo.png') })
  })

  it('the examples are in the import menu', async () => {
    const answer = await fetch(`${nodeRed.url}/library/examples/flows/@unrolled/node-red-rnn`)
    should(await answer.text())
      .match(/10 forecasting temperatures/)
      .and.match(/7 explosion and its cure/)
  })

  it('nothing went wrong on the page', () => {
    should(problems).eql([])
  })
})
