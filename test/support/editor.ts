/** The editor in a real browser: its nodes, and their dialogs as a person uses them. */
import type { Browser, Page } from 'playwright-core'
import { example, type NodeRed } from './node-red'

export const types = [
  'sequence-source',
  'rnn-cell',
  'unroll',
  'bptt-gradient',
  'clip-gradient',
  'optimizer',
] as const

/** The editor's own objects, as far as the tests ask them. */
export interface EditorNode extends Record<string, unknown> {
  id: string
  type: string
  valid: boolean
  validationErrors?: string[]
}
export interface Editor {
  nodes: {
    filterNodes(filter: object): EditorNode[]
    node(id: string): EditorNode
    dirty(): boolean
  }
  editor: { edit(node: EditorNode): void; validateNode(node: EditorNode): boolean }
  sidebar: { help: { show(type: string): void } }
}

/** An example that nothing sets going. */
export const still = (name: string) =>
  example(name).map((node) => (node.type === 'inject' ? { ...node, once: false } : node))

/** @returns the page with the flow on it, and what goes wrong on it from now on */
export async function openEditor(
  browser: Browser,
  nodeRed: NodeRed,
  viewport: { width: number; height: number },
) {
  const problems: string[] = []
  const page = await browser.newPage({ viewport })
  // the name that tsx gives to functions, which the page does not know
  await page.addInitScript('globalThis.__name = (named) => named')
  page.on('pageerror', (error) => {
    if (!isOfNodeRed(error)) problems.push(String(error.stack))
  })
  // the editor itself asks for things elsewhere on the net; those are not ours
  page.on('console', (line) => {
    if (line.type() === 'error' && line.location().url.startsWith(nodeRed.url)) problems.push(line.text())
  })
  await page.goto(nodeRed.url)
  await page.waitForFunction(() => (window as unknown as { RED?: Editor }).RED?.nodes?.filterNodes({}).length)
  await page.waitForSelector('.red-ui-flow-node')
  return { page, problems }
}

/** On a slow machine the editor's tips begin before there is a place for them. */
const isOfNodeRed = ({ stack = '' }: Error) => {
  const places = stack.split('\n').filter((line) => line.includes('http'))
  return places.length > 0 && places.every((line) => line.includes('/red/red.min.js'))
}

/** The first node of a type, as it is saved. */
export const editorNode = (page: Page, type: string): Promise<EditorNode> =>
  page.evaluate((wanted) => {
    const { RED } = window as unknown as { RED: Editor }
    const [node] = RED.nodes.filterNodes({ type: wanted })
    const plain = Object.entries(node).filter(
      ([, value]) => typeof value !== 'object' || Array.isArray(value),
    )
    return Object.fromEntries(plain.filter(([name]) => !name.startsWith('_'))) as EditorNode
  }, type)

/** @param fields that the node has when its dialog opens, in the place of its own */
export async function openDialog(
  page: Page,
  type: string,
  fields: Record<string, unknown> = {},
): Promise<void> {
  await page.evaluate(
    ([wanted, given]) => {
      const { RED } = window as unknown as { RED: Editor }
      const [node] = RED.nodes.filterNodes({ type: wanted })
      Object.assign(node, given)
      RED.editor.edit(node)
    },
    [type, fields] as const,
  )
  await page.waitForSelector('#node-dialog-ok', { state: 'visible' })
  await page.waitForTimeout(400)
}

export async function closeDialog(page: Page, button: 'ok' | 'cancel'): Promise<void> {
  await page.click(`#node-dialog-${button}`)
  await page.waitForSelector('#node-dialog-ok', { state: 'detached' })
}

/** Opens all folds of the dialog, or closes them. */
export const unfold = (page: Page, isOpen = true): Promise<void> =>
  page.$$eval(
    '.rnn-dialog details',
    (folds, open) => {
      for (const fold of folds) (fold as HTMLDetailsElement).open = open
    },
    isOpen,
  )

type Value = string | boolean

/** Types into the fields of the open dialog, chooses and ticks, in this order. */
export async function enter(page: Page, fields: Record<string, Value>): Promise<void> {
  await unfold(page)
  for (const [field, value] of Object.entries(fields)) {
    const input = page.locator(`#node-input-${field}`)
    const typed = page.locator(`#node-input-${field} + .red-ui-typedInput-container`)
    if (typeof value === 'boolean') await input.setChecked(value)
    else if ((await input.evaluate(({ tagName }) => tagName)) === 'SELECT') await input.selectOption(value)
    else if (await typed.count()) await enterTyped(page, field, value)
    else await input.fill(value)
  }
}

/** @param value with the type before it, if that is to change: msg.limit */
async function enterTyped(page: Page, field: string, value: string): Promise<void> {
  const [, type, text] = value.match(/^(msg|flow|global|env)\.(.*)$/) ?? [undefined, undefined, value]
  if (type) await page.evaluate(`$('#node-input-${field}').typedInput('type', '${type}')`)
  const inner = page.locator(`#node-input-${field} + .red-ui-typedInput-container input:visible`)
  await inner.fill(text)
  // the editor's widget hands its value on when the cursor leaves it
  await inner.blur()
}

/** What the open dialog shows. */
export const shownFields = (page: Page, fields: readonly string[]): Promise<Record<string, Value>> =>
  page.evaluate(
    (wanted) =>
      Object.fromEntries(
        wanted.map((field) => {
          const input = document.getElementById(`node-input-${field}`) as HTMLInputElement
          return [field, input.type === 'checkbox' ? input.checked : input.value]
        }),
      ),
    fields,
  )

/** The fields that the open dialog has a row for, from top to bottom; folds count whether they are open or not. */
export const visibleFields = async (page: Page): Promise<string[]> => {
  await unfold(page)
  return page.$$eval('.rnn-dialog [id^="node-input-"]', (inputs) =>
    inputs
      .filter((input) => (input.closest('.form-row') as HTMLElement).offsetParent !== null)
      .map(({ id }) => id.replace('node-input-', '')),
  )
}
