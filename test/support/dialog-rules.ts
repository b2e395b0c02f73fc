/** What holds for a node's dialog: rows, labels, texts and help for all fields, and nothing wrong with a new node. */
import should from 'should'
import { dialogOf } from './dialog'

/** @param needed fields that may not be blank, so that a node without them is not valid */
export function describeDialog(type: string, needed: readonly string[] = []): void {
  const { definition, html, help, texts, usual, keys, validate } = dialogOf(type)
  // no person sees which form of the configuration it is
  const fields = Object.keys(definition.defaults).filter((field) => field !== 'configVersion')
  const shown = fields.filter((field) => field !== 'name' && !field.endsWith('Type'))
  const own = keys().filter((key) => key.startsWith(`${type}.`))

  it('has a row for every field, with a label or a switch', () => {
    for (const field of fields) should(html).match(new RegExp(`id="node-input-${field}"`))
    for (const field of shown) {
      const [before] = html.split(`id="node-input-${field}"`)
      should(before.slice(before.lastIndexOf('<div'))).match(/data-i18n="|type="checkbox"/, field)
    }
  })

  it('has a text for all that it shows, and shows every label, choice and placeholder it has', () => {
    for (const key of own) {
      const [, group, name] = key.split('.')
      should(texts[group]).have.property(name)
    }
    for (const group of ['label', 'option', 'placeholder'])
      for (const name of Object.keys(texts[group] ?? {})) should(own).containEql(`${type}.${group}.${name}`)
  })

  it('explains every label and every choice in its help', () => {
    const words = help
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .toLowerCase()
    const labels = shown.map((field) => texts.label[field]).filter((label) => label !== undefined)
    for (const text of [...labels, ...Object.values(texts.option)]) {
      const [start] = text.split(/: |, …/)
      const isExplained = [text, start].some((one) => words.includes(one.toLowerCase()))
      should(isExplained).be.true(`"${text}" is not in the help of ${type}`)
    }
  })

  it('finds nothing wrong with a new node, nor with one that lacks fields', () => {
    for (const field of fields) {
      should(validate(field, usual[field]) ?? true).be.true(field)
      const { validate: check } = definition.defaults[field]
      if (!needed.includes(field)) should(check?.call({}, undefined, {}) ?? true).be.true(field)
      should(check?.length ?? 2).equal(2)
    }
  })
}

/** What a node with these settings is called on the canvas. */
export function labelOf(type: string, settings: object): string {
  const { definition, texts, usual } = dialogOf(type)
  const say = (key: string, words: Record<string, unknown>) => {
    const [, group, name] = key.split('.')
    return texts[group][name].replace(/__(\w+)__/g, (_, word) => String(words[word]))
  }
  return definition.label.call({ ...usual, ...settings, _: say } as object)
}
