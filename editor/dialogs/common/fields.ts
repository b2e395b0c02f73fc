/** The fields of a node: as it has saved them, or as its open dialog shows them. */
import { migrate } from '../../../nodes/common/migrations/migrate'
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

/**
 * A flow of an earlier version is made one of this. What it still lacks, or one that was written by hand, has what the
 * runtime takes for it.
 */
export function fillIn(node: EditorNode): void {
  const migrated = migrate(node.type, node)
  for (const [field, { value: usual }] of Object.entries(node._def.defaults)) {
    const value = migrated[field] === undefined ? usual : migrated[field]
    if (node[field] === value) continue
    node[field] = value
    setField(field, value)
  }
}
