/** The editor in a browser: palette, dialogs, validators, help, the demo flow on the canvas. */
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { root } from '../../scripts/assets'
import { browserPath, launch } from '../support/browser'
import { example, type NodeRed, startNodeRed } from '../support/node-red'

const types = [
  'sequence-source',
  'rnn-cell',
  'unroll',
  'bptt-gradient',
  'clip-gradient',
  'optimizer',
] as const

/** The editor's own objects, as far as these tests ask them. */
interface EditorNode {
  id: string
  type: string
  valid: boolean
  validationErrors?: string[]
}
interface Editor {
  nodes: { filterNodes(filter: object): EditorNode[]; node(id: string): EditorNode; dirty(): boolean }
  editor: { edit(node: EditorNode): void; validateNode(node: EditorNode): boolean }
  sidebar: { help: { show(type: string): void } }
}

describe('in the editor', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page
  const problems: string[] = []

  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed(example('10 forecasting temperatures'))
    browser = await launch()
    page = await browser.newPage({ viewport: { width: 1720, height: 820 } })
    page.on('pageerror', (error) => problems.push(String(error)))
    // the editor itself asks for things elsewhere on the net; those are not ours
    page.on('console', (line) => {
      if (line.type() === 'error' && line.location().url.startsWith(nodeRed.url)) problems.push(line.text())
    })
    await page.goto(nodeRed.url)
    await page.waitForFunction(
      () => (window as unknown as { RED?: Editor }).RED?.nodes?.filterNodes({}).length,
    )
    await page.waitForSelector('.red-ui-flow-node')
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })

  const editorNode = (type: string) =>
    page.evaluate((wanted) => {
      const { RED } = window as unknown as { RED: Editor }
      const { id, valid, validationErrors } = RED.nodes.filterNodes({ type: wanted })[0]
      return { id, valid, validationErrors }
    }, type)
  const openDialog = async (type: string) => {
    const { id } = await editorNode(type)
    await page.evaluate((wanted) => {
      const { RED } = window as unknown as { RED: Editor }
      RED.editor.edit(RED.nodes.node(wanted))
    }, id)
    await page.waitForSelector('#node-dialog-ok', { state: 'visible' })
    await page.waitForTimeout(400)
  }
  const closeDialog = async (button: 'ok' | 'cancel') => {
    await page.click(`#node-dialog-${button}`)
    await page.waitForSelector('#node-dialog-ok', { state: 'detached' })
  }

  it('the palette has a category recurrent with the six nodes', async () => {
    const inPalette = await page.$$eval(
      '#red-ui-palette-recurrent-input, #red-ui-palette-recurrent .red-ui-palette-node',
      (found) => found.map((node) => node.getAttribute('data-palette-type')).filter(Boolean),
    )
    should(inPalette.sort()).eql([...types].sort())
  })

  it('all nodes of the demo are valid', async () => {
    for (const type of types) should((await editorNode(type)).valid).be.true(type)
  })

  for (const type of types) {
    it(`the dialog of ${type} opens in words, and closing it changes nothing`, async () => {
      await openDialog(type)
      const text = await page.$eval('.red-ui-editor .red-ui-tray-body', (body) => body.textContent ?? '')
      should(text).not.match(new RegExp(`${type}\\.(label|option|placeholder|error)\\.`))
      should(text.length).be.above(20)
      await closeDialog('ok')
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
            const node = RED.nodes.filterNodes({ type: wanted })[0] as EditorNode & Record<string, unknown>
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
