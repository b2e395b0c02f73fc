/** The sidebar in a real browser: opening it, reading it, and asking whether its pictures are pictures. */
import { mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { root } from '../../scripts/assets'
import { openEditor } from './editor'
import type { NodeRed } from './node-red'

export const viewNames = ['training', 'through', 'sum', 'credit', 'weights'] as const
export type ViewName = (typeof viewNames)[number]

interface Editor {
  sidebar: { show(id: string): void }
  view: { select(selection: { nodes: unknown[] }): void }
  nodes: { node(id: string): unknown }
  workspaces: { show(id: string): void }
}
const inEditor = <Result>(page: Page, act: (RED: Editor, given: string) => Result, given = '') =>
  page.evaluate(`(${act})(window.RED, ${JSON.stringify(given)})`) as Promise<Result>

/** @returns the editor's page with the sidebar shown, and what goes wrong on it from now on */
export async function openSidebar(
  browser: Browser,
  nodeRed: NodeRed,
  viewport = { width: 1280, height: 800 },
): Promise<{ page: Page; problems: string[] }> {
  const opened = await openEditor(browser, nodeRed, viewport)
  await inEditor(opened.page, (RED) => RED.sidebar.show('recurrent'))
  await opened.page.waitForSelector('.rnn-tabs')
  return opened
}

export const showFlow = (page: Page, tab: string) => inEditor(page, (RED, id) => RED.workspaces.show(id), tab)

export const selectNode = (page: Page, node: string) =>
  inEditor(page, (RED, id) => RED.view.select({ nodes: [RED.nodes.node(id)] }), node)

export async function showView(page: Page, name: ViewName): Promise<void> {
  await page.locator('.rnn-tabs button').nth(viewNames.indexOf(name)).click()
}

/** Node-RED marks a dark theme by a class of the whole page. */
export async function setTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(
    (isDark) => document.documentElement.classList.toggle('nr-theme-dark', isDark),
    theme === 'dark',
  )
  await page.waitForTimeout(300)
}

/** Colours on a canvas, or shapes in a drawing: none is no picture. */
export const pictures = (page: Page): Promise<{ kind: string; label: string; drawn: number }[]> =>
  page.evaluate(() => {
    const label = (element: Element) =>
      element.closest('[aria-label]')?.getAttribute('aria-label') ?? element.getAttribute('aria-label') ?? ''
    const coloursOf = (canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      }
      const colours = new Set<number>()
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] > 0) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2])
      return colours.size
    }
    const canvases = [...document.querySelectorAll<HTMLCanvasElement>('.rnn-panel canvas')].map((canvas) => ({
      kind: 'canvas',
      label: label(canvas),
      drawn: coloursOf(canvas),
    }))
    const drawings = [...document.querySelectorAll('.rnn-panel .rnn-view svg:not(.katex svg)')].map(
      (svg) => ({
        kind: 'svg',
        label: label(svg),
        drawn: svg.querySelectorAll('circle, rect, path[d]:not([d=""])').length,
      }),
    )
    return [...canvases, ...drawings]
  })

/** Texts and controls of the sidebar that lie on one another, or stick out of it. */
export const overlaps = (page: Page, within: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const place = document.querySelector(selector) as HTMLElement
    const bounds = place.getBoundingClientRect()
    const found: string[] = []
    const all = [
      ...place.querySelectorAll(
        'button, select, p, h3, figcaption, .rnn-chart canvas, .rnn-map canvas, .rnn-time svg, .rnn-progress',
      ),
    ]
    const boxes = all
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0)
    const name = (element: Element) =>
      `${element.tagName} "${(element.textContent ?? '').trim().slice(0, 30)}"`
    for (const [index, a] of boxes.entries()) {
      const scrolls = a.element.closest('.rnn-terms, .rnn-formula')
      if (!scrolls && a.box.right > bounds.right + 1) found.push(`${name(a.element)} sticks out`)
      for (const b of boxes.slice(index + 1)) {
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue
        const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (width > 1 && height > 1) found.push(`${name(a.element)} on ${name(b.element)}`)
      }
    }
    return found
  }, within)

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong (contrast, names, roles), in words. */
export async function barriers(page: Page, within: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  return page.evaluate(async (selector) => {
    const { axe: own } = window as unknown as {
      axe: {
        run(
          where: object,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>
      }
    }
    const { violations } = await own.run(
      { include: [selector], exclude: ['.katex'] },
      { resultTypes: ['violations'] },
    )
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${html.slice(0, 120)} ${failureSummary.replaceAll(/\s+/g, ' ')}`,
      ),
    )
  }, within)
}

const artefacts = resolve(root, 'artefacts')

/** Pictures of a run, to look at afterwards. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true })
  await page.screenshot({ path: resolve(artefacts, `${name}.png`) })
}
