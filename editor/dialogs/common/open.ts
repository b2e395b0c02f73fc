/** An open dialog: kept up to date with what is typed, and nothing wrong stays folded away. */
import { dialogElement, fillIn, inputOf, rowOf, shown } from './fields'
import type { Conditions, Get } from './values'

/**
 * From now on the fields of this node are those that the dialog shows. Before anything is made of them: a widget takes the
 * value that it finds.
 */
export function beginDialog(node: EditorNode): Get {
  const dialog = dialogElement()
  if (dialog) dialog.dataset.node = node.id
  fillIn(node)
  return shown(node)
}

/** @param update brings the dialog up to date: at once, and after every change */
export function keepUpToDate(update: () => void): void {
  const dialog = dialogElement()
  if (!dialog) return
  const show = () => {
    update()
    for (const fold of dialog.querySelectorAll('details')) fold.hidden = isEmpty(fold)
    // the editor marks what is wrong after all have heard of the change
    queueMicrotask(() => openFolds(dialog))
  }
  $(dialog).on('input change', show)
  show()
}

const isEmpty = (fold: Element) =>
  [...fold.querySelectorAll<HTMLElement>('.form-row')].every(({ hidden }) => hidden)

function openFolds(dialog: HTMLElement): void {
  for (const fold of dialog.querySelectorAll('details'))
    if (fold.querySelector('.input-error')) fold.open = true
}

export function showRows(get: Get, conditions: Conditions): void {
  for (const [field, applies] of Object.entries(conditions)) {
    const row = rowOf(field)
    if (row) row.hidden = !applies(get)
  }
}

/** A field whose value may come from elsewhere. @param types the usual one first */
export function typedField(field: string, types: readonly string[]): void {
  $(`#node-input-${field}`).typedInput({ default: types[0], types, typeField: $(`#node-input-${field}Type`) })
}

/** The context stores of this Node-RED as choices for the field `store`, the default one being there already. */
export function offerStores(node: EditorNode): void {
  const select = inputOf('store') as HTMLSelectElement | null
  const { context } = RED.settings
  const own = typeof node.store === 'string' ? node.store : ''
  const names = new Set(context?.stores)
  names.delete(context?.default ?? '')
  if (own !== '') names.add(own)
  for (const name of names) select?.add(new Option(name))
  if (select) select.value = own
}
