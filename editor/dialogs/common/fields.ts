/** The fields of a node: as it has saved them, or as its open dialog shows them. */
import type { Get } from './values'

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

export const inputOf = (field: string): Input | null =>
  document.getElementById(`node-input-${field}`) as Input | null

export const rowOf = (field: string): HTMLElement | null =>
  inputOf(field)?.closest<HTMLElement>('.form-row') ?? null

export const dialogElement = (): HTMLElement | null => document.querySelector<HTMLElement>('.rnn-dialog')

const isSwitch = (input: Input): input is HTMLInputElement => input.type === 'checkbox'

export const saved =
  (node: EditorNode): Get =>
  (field) =>
    node[field]

/** What the open dialog of this very node shows, else what the node has saved. */
export const shown =
  (node: EditorNode): Get =>
  (field) => {
    const input = inputOf(field)
    if (!input || input.closest<HTMLElement>('.rnn-dialog')?.dataset.node !== node.id) return node[field]
    return isSwitch(input) ? input.checked : input.value
  }

export function setField(field: string, value: unknown): void {
  const input = inputOf(field)
  if (!input) return
  if (isSwitch(input)) input.checked = Boolean(value)
  else input.value = String(value)
}

/** A flow of an earlier version, or one written by hand, lacks fields: it has what the runtime takes for them. */
export function fillIn(node: EditorNode): void {
  for (const [field, { value }] of Object.entries(node._def.defaults)) {
    if (node[field] !== undefined) continue
    node[field] = value
    setField(field, value)
  }
}
