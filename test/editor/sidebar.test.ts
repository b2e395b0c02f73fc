/** The sidebar in a browser: every view draws what a running flow does, in both themes, for eyes, ears and keys. */
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { browserPath, launch } from '../support/browser'
import { example, type NodeRed, startNodeRed } from '../support/node-red'
import {
  barriers,
  keepPicture,
  openSidebar,
  overlaps,
  pictures,
  selectNode,
  setTheme,
  showFlow,
  showView,
  viewNames,
} from '../support/sidebar'

/** Trains without an end, so that there is something to see whenever a test looks. */
const endless = (name: string) =>
  example(name).map((node) => (node.type === 'sequence-source' ? { ...node, budget: '' } : node))

const textOf = async (page: Page, selector: string) =>
  (await page.locator(selector).first().textContent()) ?? ''
const stepOf = async (page: Page) => Number((await textOf(page, '.rnn-progress')).match(/step (\d+)/)?.[1])

/** Waits for what a condition says, however long it takes. */
const until = async (page: Page, holds: () => Promise<boolean>) => {
  while (!(await holds())) await page.waitForTimeout(100)
}

describe('the sidebar', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page
  const problems: string[][] = []

  const open = async () => {
    const opened = await openSidebar(browser, nodeRed)
    problems.push(opened.problems)
    return opened.page
  }

  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed([
      ...endless('4 many-to-many'),
      ...example('6 the sum, term by term'),
      ...example('7 explosion and its cure'),
    ])
    browser = await launch()
    page = await open()
    await showFlow(page, 'sine-tab')
    await page.waitForSelector('.rnn-progress')
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })

  for (const theme of ['light', 'dark'] as const)
    for (const view of viewNames)
      it(`draws ${view} of a network that learns, ${theme}, without a barrier or an overlap`, async () => {
        await setTheme(page, theme)
        await showView(page, view)
        await until(page, async () => {
          const drawn = await pictures(page)
          return drawn.length > 0 && drawn.every((picture) => picture.drawn > 1)
        })
        for (const { label } of await pictures(page)) should(label).match(/\w+ .*\w+/)
        should(await overlaps(page, '.rnn-content')).eql([])
        should(await barriers(page, '.rnn-content')).eql([])
        should(await textOf(page, '.rnn-content')).not.match(/recurrent\.|undefined|NaN/)
        await keepPicture(page, `${view}-${theme}`)
      })

  it('over the canvas there is room for all of it, and Escape leads back', async () => {
    await setTheme(page, 'light')
    for (const view of viewNames) {
      await showView(page, view)
      await page.locator('.rnn-bar > button').click()
      await until(page, async () => (await pictures(page)).every(({ drawn }) => drawn > 1))
      should(await overlaps(page, '.rnn-wide')).eql([])
      await keepPicture(page, `${view}-wide`)
      await page.keyboard.press('Escape')
      await page.waitForSelector('.rnn-wide', { state: 'detached' })
    }
  })

  it('pause holds training, step takes one, go on and start again do what they say', async () => {
    const press = (name: string) => page.locator(`.rnn-buttons button[aria-label="${name}"]`).first().click()
    await press('pause')
    await until(page, async () => /paused/.test(await textOf(page, '.rnn-progress')))
    const held = await stepOf(page)
    await page.waitForTimeout(500)
    should(await stepOf(page)).equal(held)
    await press('one step')
    await until(page, async () => (await stepOf(page)) === held + 1)
    await press('go on')
    await until(page, async () => (await stepOf(page)) > held + 20)
    await press('start again, from the first weights')
    await until(page, async () => (await stepOf(page)) < held)
  })

  it('a second browser sees the same', async () => {
    await page.locator('.rnn-buttons button[aria-label="pause"]').first().click()
    await until(page, async () => /paused/.test(await textOf(page, '.rnn-progress')))
    await showView(page, 'training')
    const other = await open()
    await showFlow(other, 'sine-tab')
    await other.waitForSelector('.rnn-progress')
    should(await stepOf(other)).equal(await stepOf(page))
    await showView(other, 'training')
    const words = (of: Page) => of.locator('.rnn-words').allTextContents()
    should(await words(other)).eql(await words(page))
    await page.locator('.rnn-buttons button[aria-label="go on"]').first().click()
    await until(other, async () => !/paused/.test(await textOf(other, '.rnn-progress')))
    await other.close()
  })

  it('the check holds the gradient to finite differences and shows the largest relative error', async () => {
    await page.locator('.rnn-check button').first().click()
    await until(page, async () => /relative error/.test(await textOf(page, '.rnn-check')))
    const [, mantissa, exponent] = (await textOf(page, '.rnn-check')).match(/error ([\d.]+)e−(\d+)/) ?? []
    should(Number(mantissa) * 10 ** -Number(exponent)).be.within(0, 1e-4)
  })

  it('the sum of lesson 6 grows term by term until it is the gradient, and a term opens into its factors', async () => {
    await showFlow(page, 'sum-tab')
    await fetch(`${nodeRed.url}/inject/sum-step`, { method: 'POST' })
    await showView(page, 'sum')
    await page.waitForSelector('.rnn-term')
    should(await page.locator('.rnn-term').count()).equal(4)
    should(await textOf(page, '.rnn-equality')).match(/relative difference (0|[\d.]+e−1[5-9])\./)
    const map = page.locator('.rnn-term [role="slider"]').nth(2)
    await map.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    should(await map.getAttribute('aria-valuetext')).match(/^W\[1, 2\] = −?[\d.]+/)
    await page.locator('.rnn-term button').nth(1).focus()
    await page.keyboard.press('Enter')
    should(await textOf(page, '.rnn-factors h4')).match(/Term 2 of W/)
    should(await page.locator('.rnn-factors .katex').count()).be.aboveOrEqual(4)
    should(await barriers(page, '.rnn-content')).eql([])
    await keepPicture(page, 'sum-lesson-6')
  })

  it('follows the selected node, keeps what is pinned beside it, and names what explodes', async () => {
    await showFlow(page, 'explosion-tab')
    await selectNode(page, 'explosion-wild-clip')
    await until(page, async () => /\(1\)/.test(await textOf(page, '.rnn-panel h3')))
    await showView(page, 'training')
    await until(page, async () => /exploding at step \d+/.test(await textOf(page, '.rnn-view')))
    await page.locator('.rnn-pin').first().click()
    await selectNode(page, 'explosion-clipped-bptt')
    await until(page, async () => (await page.locator('.rnn-panel').count()) === 2)
    await page.locator('.rnn-bar > button').click()
    await until(page, async () => (await pictures(page)).length >= 6)
    const [first, second] = await page.locator('.rnn-panel').all()
    const [left, right] = [await first.boundingBox(), await second.boundingBox()]
    should((left?.x ?? 0) + (left?.width ?? 0)).be.belowOrEqual(right?.x ?? 0)
    await keepPicture(page, 'side-by-side')
    await page.keyboard.press('Escape')
    await page.locator('.rnn-pin[aria-pressed="true"]').click()
    should(await page.locator('.rnn-panel').count()).equal(1)
  })

  it('keys reach everything: every button, choice and picture', async () => {
    await showFlow(page, 'sine-tab')
    await showView(page, 'through')
    await page.waitForSelector('.rnn-time svg')
    await page.locator('.rnn-tabs [aria-selected="true"]').focus()
    await page.keyboard.press('ArrowRight')
    should(await page.locator('.rnn-tabs [aria-selected="true"]').textContent()).equal('Sum')
    await page.keyboard.press('ArrowLeft')
    await page.waitForSelector('.rnn-time svg')
    const all = await page.locator('.rnn-content :is(button, select, [role="slider"]):visible').count()
    const reached = new Set<string>()
    for (let press = 0; press < all + 5; press++) {
      const at = await page.evaluate(() => {
        const focused = document.activeElement
        const inside = focused?.closest('.rnn-content')
        const own = [...document.querySelectorAll('.rnn-content :is(button, select, [role="slider"])')]
        return inside && focused ? String(own.indexOf(focused)) : ''
      })
      if (at) reached.add(at)
      await page.keyboard.press('Tab')
    }
    // of the tabs one is reached, and the arrows go on from there
    should(reached.size).equal(all - (viewNames.length - 1))
  })

  it('a badge on bptt-gradient shows the terms, and its popover the picture', async () => {
    const badge = page.locator('.rnn-badge:not(.hide)').first()
    await badge.waitFor()
    should(await badge.locator('.rnn-badge-bars').getAttribute('d')).match(/^M.*z$/)
    await badge.locator('.rnn-badge-box').click()
    await page.waitForSelector('.red-ui-popover .rnn-time svg')
    await keepPicture(page, 'badge')
    await page.keyboard.press('Escape')
    await page.mouse.click(700, 700)
    await page.waitForSelector('.red-ui-popover .rnn-time svg', { state: 'detached' })
  })

  it('nothing went wrong on the page', () => {
    should(problems.flat()).eql([])
  })
})
