/** The lessons on the canvas: nothing lies on anything else. With RNN_SCREENSHOTS their pictures in docs/ are taken. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { root } from '../../scripts/assets'
import { browserPath, launch } from '../support/browser'
import { openEditor, still } from '../support/editor'
import { example, type NodeRed, startNodeRed } from '../support/node-red'
import { openSidebar, pictures, showFlow, showView, type ViewName } from '../support/sidebar'

const lessons = readdirSync(resolve(root, 'examples'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''))
  .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))

const tabOf = (flow: readonly Record<string, unknown>[]) =>
  String(flow.find(({ type }) => type === 'tab')?.id)

/** Room for a status under a node. */
const statusHeight = 18

const overlapping = (page: Page, tab: string): Promise<string[]> =>
  page.evaluate(
    ([id, below]) => {
      interface Node {
        id: string
        name?: string
        type: string
        x: number
        y: number
        w: number
        h: number
      }
      const { RED } = window as unknown as { RED: { nodes: { filterNodes(filter: object): Node[] } } }
      const boxes = RED.nodes.filterNodes({ z: id }).map((node) => ({
        name: node.name || node.type,
        left: node.x - node.w / 2,
        right: node.x + node.w / 2,
        top: node.y - node.h / 2,
        bottom:
          node.y +
          node.h / 2 +
          (/^(comment|inject|change|link |catch|switch|template)/.test(node.type) ? 0 : Number(below)),
      }))
      return boxes.flatMap((a, index) =>
        boxes
          .slice(index + 1)
          .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          .map((b) => `${a.name} on ${b.name}`),
      )
    },
    [tab, statusHeight] as const,
  )

describe('the lessons in the editor', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page
  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed(lessons.flatMap(still))
    browser = await launch()
    page = (await openEditor(browser, nodeRed, { width: 1280, height: 800 })).page
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })

  it('are ten and more', () => {
    should(lessons.length).be.aboveOrEqual(10)
  })

  for (const name of lessons)
    it(`${name}: no node lies on another one, and every node is valid`, async () => {
      const tab = tabOf(example(name))
      await showFlow(page, tab)
      await page.waitForSelector('.red-ui-flow-node')
      should(await overlapping(page, tab)).eql([])
      const invalid = await page.evaluate((id) => {
        const { RED } = window as unknown as {
          RED: { nodes: { filterNodes(filter: object): { type: string; valid: boolean }[] } }
        }
        return RED.nodes
          .filterNodes({ z: id })
          .filter(({ valid }) => !valid)
          .map(({ type }) => type)
      }, tab)
      should(invalid).eql([])
    })
})

/** What each picture in docs/ shows beside the flow, and what has to be pressed before. */
const shown: Record<string, { view: ViewName; press?: string[]; seconds?: number }> = {
  1: { view: 'training' },
  2: { view: 'through' },
  3: { view: 'through' },
  4: { view: 'credit' },
  5: { view: 'through' },
  6: { view: 'sum', press: ['sum-step'] },
  7: { view: 'training' },
  8: { view: 'through' },
  9: { view: 'training' },
  10: { view: 'training' },
  11: { view: 'training' },
  12: { view: 'through' },
  13: { view: 'training' },
  14: { view: 'training' },
  15: { view: 'training' },
}

if (process.env.RNN_SCREENSHOTS && browserPath)
  describe('the pictures in docs/', () => {
    for (const name of lessons)
      it(name, async () => {
        const number = String(Number.parseInt(name, 10))
        const { view, press = [], seconds = 15 } = shown[number] ?? { view: 'training' }
        const nodeRed = await startNodeRed(example(name))
        const browser = await launch()
        const { page } = await openSidebar(browser, nodeRed, { width: 1600, height: 900 })
        // the debug sidebar gives way, so that the picture is whole
        await page.evaluate(`document.querySelector('button[data-tab-id="debug"]')?.click()`)
        for (const id of press) await fetch(`${nodeRed.url}/inject/${id}`, { method: 'POST' })
        await page.waitForTimeout(1000 * seconds)
        await showView(page, view)
        for (let wait = 0; wait < 50 && !(await pictures(page)).every(({ drawn }) => drawn > 1); wait++)
          await page.waitForTimeout(100)
        await page.evaluate('RED.actions.invoke("core:zoom-fit")')
        await page.waitForTimeout(1000)
        await page.screenshot({ path: resolve(root, `docs/lesson-${number}.png`) })
        if (number === '6') {
          await page.locator('.rnn-bar > button').click()
          await page.waitForTimeout(1000)
          await page.screenshot({ path: resolve(root, 'docs/the-sum.png') })
        }
        await browser.close()
        await nodeRed.stop()
      })
  })
