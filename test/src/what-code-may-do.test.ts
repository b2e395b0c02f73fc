/**
 * What no code of the package does, read off its text: it makes no code out of texts and no HTML out of texts, loads nothing
 * whose name comes from elsewhere, and reaches the system only in the few files that are known to.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { posix, resolve, sep } from 'node:path'
import should from 'should'

const root = resolve(__dirname, '../..')

/** Of the built-in modules those that only compute; then who may have which others. */
const harmless = ['stream', 'buffer', 'os', 'path', 'perf_hooks', 'timers', 'util', 'v8', 'zlib']
const known: Readonly<Record<string, readonly string[]>> = {
  // reads the kernel beside it
  'src/kernel/wasm.ts': ['node:fs'],
  // reads the file that the dialog names
  'nodes/sequence-source/data-file.ts': ['node:fs', 'node:fs/promises'],
  // looks whether Node-RED has written the file of a context store
  'nodes/common/store-file.ts': ['node:fs/promises'],
}

/** By what it is called: how it looks, and a line that has it. */
const forbidden: Readonly<Record<string, readonly [RegExp, string]>> = {
  'code out of a text': [
    /\beval\s*\(|\bFunction\s*\(|\.constructor\s*\(|['"](?:node:)?vm['"]/,
    'new Function(text)',
  ],
  'code out of a text by a timer': [
    /\bset(?:Timeout|Interval|Immediate)\s*\(\s*['"`]/,
    "setTimeout('x()', 1)",
  ],
  'use of a module whose name is not written there': [
    /\b(?:import|require)\s*\((?!\s*['"])/,
    'import(msg.name)',
  ],
  'HTML out of a text': [
    /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc|document\.write|\.html\(|createContextualFragment|DOMParser|parseHTML/,
    '$(place).html(topic)',
  ],
  'notification of the editor, which is HTML': [/\bRED\.notify\b/, 'RED.notify(topic)'],
  'formula that may have links': [/\btrust:(?!\s*false)/, '{ trust: true }'],
}

/** Without comments, in which words are free. */
const codeOf = (file: string) =>
  readFileSync(resolve(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/.*/g, '')

const files = ['src', 'nodes', 'editor'].flatMap((folder) =>
  readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.split(sep).join('/')))
    .filter(
      (name) => /\.(?:tsx?|html)$/.test(name) && !name.includes('/locales/') && !name.endsWith('.d.ts'),
    ),
)

describe('the code', () => {
  it('is read: all three places, dialogs too', () => {
    for (const part of ['src/unroll/', 'nodes/common/', 'editor/views/'])
      should(files.filter((file) => file.startsWith(part)).length).be.above(3)
    should(files.filter((file) => file.endsWith('.html')).length).be.above(5)
  })

  for (const [what, [pattern, example]] of Object.entries(forbidden))
    it(`makes no ${what}`, () => {
      should(example).match(pattern)
      should(files.filter((file) => pattern.test(codeOf(file)))).eql([])
    })

  it('reads files in three places, and writes none; no process, no network', () => {
    const modules = /(?:from|import|require\()\s*['"]([^'"]+)['"]/g
    for (const file of files) {
      const used = [...codeOf(file).matchAll(modules)]
        .map(([, name]) => name)
        .filter((name) => isBuiltin(name))
      const beyond = used.filter((name) => !harmless.includes(name.replace(/^node:/, '').split('/')[0]))
      should(beyond.sort()).eql([...(known[file] ?? [])].sort(), file)
      should(codeOf(file)).not.match(
        /\b(?:writeFile|appendFile|createWriteStream|unlink|mkdir|rm)(?:Sync)?\(/,
        file,
      )
    }
  })

  it('asks only the runtime that it is in', () => {
    const asks = files.filter((file) => /\bfetch\s*\(|XMLHttpRequest|\$\.ajax|WebSocket\b/.test(codeOf(file)))
    should(asks.sort()).eql(['editor/dialogs/sequence-source/preview/ask.ts', 'editor/loop/runtime.ts'])
  })
})
