/** The dialog of a node without a browser: its scripts, run in an editor that has only what they ask of it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { buildSync } from 'esbuild'
import { root } from '../../scripts/assets'

export type Fields = Record<string, unknown>

export interface Definition {
  defaults: Record<
    string,
    { value: unknown; validate?: (this: object, value: unknown, opt: object) => unknown }
  >
  label(this: object): string
}

export interface Dialog {
  readonly definition: Definition
  readonly html: string
  readonly help: string
  /** the labels and sentences, by group and name */
  readonly texts: Record<string, Record<string, string>>
  /** what a new node has */
  readonly usual: Fields
  /** true, or the sentence that says what is wrong, of a node whose other fields are as given */
  validate(field: string, value: unknown, others?: Fields): unknown
  /** choices of a select */
  choices(field: string): string[]
  /** keys of texts that the dialog shows */
  keys(): string[]
}

const read = (path: string) => readFileSync(resolve(root, path), 'utf8')

let bundle: string | undefined

/** editor/dialogs.ts as the browser gets it, from the sources as they are now. */
function dialogsScript(): string {
  bundle ??= buildSync({
    absWorkingDir: root,
    entryPoints: ['editor/dialogs.ts'],
    outdir: 'resources',
    bundle: true,
    write: false,
    format: 'iife',
    tsconfig: 'editor/tsconfig.json',
  }).outputFiles.find(({ path }) => path.endsWith('.js'))?.text
  return bundle as string
}

/** @throws Error for a text that the locale does not have */
function translator(type: string, texts: Dialog['texts']) {
  return (key: string, words: Record<string, unknown> = {}): string => {
    const [, group, name] = key.replace(/^.*:/, '').split('.')
    const text = texts[group]?.[name]
    if (text === undefined) throw new Error(`${type} has no text for ${key}`)
    return text.replace(/__(\w+)__/g, (_, word) => String(words[word]))
  }
}

export function dialogOf(type: string): Dialog {
  const html = read(`nodes/${type}.html`)
  const texts = JSON.parse(read(`nodes/locales/en-US/${type}.json`))[type] as Dialog['texts']
  const seen: { definition?: Definition } = {}
  const registerType = (_: string, definition: Definition) => {
    seen.definition = definition
  }
  const global = createContext({
    document: { getElementById: () => null },
    RED: { _: translator(type, texts), nodes: { registerType } },
  })
  for (const [, script] of html.matchAll(/<script(?: src="resources\/[^"]*\/(\w+)\.js")?>/g))
    if (script === 'dialogs') runInContext(dialogsScript(), global)
  for (const [, script] of html.matchAll(/<script type="text\/javascript">(.*?)<\/script>/gs))
    runInContext(script, global)
  const definition = seen.definition as Definition
  const usual = Object.fromEntries(
    Object.entries(definition.defaults).map(([field, { value }]) => [field, value]),
  )
  return {
    definition,
    html,
    help: read(`nodes/locales/en-US/${type}.html`),
    texts,
    usual,
    validate: (field, value, others = {}) =>
      definition.defaults[field].validate?.call({ ...usual, ...others, [field]: value }, value, {}),
    choices(field) {
      const [, options = ''] =
        html.match(new RegExp(`<select id="node-input-${field}">(.*?)</select>`, 's')) ?? []
      return [...options.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value)
    },
    keys: () => [...html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map(([, key]) => key),
  }
}
