/** The rules of the house, read off the import lines: who may use whom. */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import should from 'should'

const root = resolve(__dirname, '../..')

interface Import {
  /** the file it stands in, from the root of the repository */
  readonly from: string
  /** as it is written */
  readonly path: string
  /** of our own: the file meant, without its ending */
  readonly own: string | undefined
  /** gone after compilation */
  readonly typeOnly: boolean
}

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => posix.join(folder, name.split(sep).join('/')))

/** Of `import … from`, `export … from`, `import '…'`, `import('…')` and `require('…')`. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const clauses = /^(?:import|export)\s+(?:(type\s)?([^'"]*?)\sfrom\s*)?'([^']+)'/gm
  const calls = /\b(?:import|require)\(\s*'([^']+)'/g
  const found = [...text.matchAll(clauses)].map(([, type, names, path]) => {
    const listed = names
      ?.match(/^\{([^}]*)\}$/)?.[1]
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
    return { path, typeOnly: Boolean(type) || (listed?.every((name) => name.startsWith('type ')) ?? false) }
  })
  const called = [...text.matchAll(calls)].map(([, path]) => ({ path, typeOnly: false }))
  return [...found, ...called].map(({ path, typeOnly }) => ({
    from: file,
    path,
    own: path.startsWith('.') ? posix.normalize(posix.join(dirname(file), path)) : undefined,
    typeOnly,
  }))
}

const src = filesIn('src')
const nodes = filesIn('nodes')
/** What the nodes share, in halls; each uses those to its left. */
const halls = ['common', 'watch']
const all = [...src, ...nodes].flatMap(importsOf)
const within = (folder: string) => all.filter(({ from }) => from.startsWith(folder))
const show = ({ from, path }: Import) => `${from} imports ${path}`
const none = (wrong: Import[]) => should(wrong.map(show)).eql([])
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const isDependency = (path: string) =>
  path.split('/', path.startsWith('@') ? 2 : 1).join('/') in (dependencies as object)

/** src/unroll/topology → unroll; src/expected → expected */
const roomOf = (own: string) => own.split('/')[1]
const ground = ['expected', 'limits', 'tensor', 'kernel', 'random']
const palette = ['sequence-source', 'rnn-cell', 'unroll', 'bptt-gradient', 'clip-gradient', 'optimizer']
/** Left to right, as the palette has them; training is all of them in a row. */
const rooms = [...palette, 'training']
const mayUse = (room: string): string[] => {
  if (ground.includes(room)) return ground
  // a model file carries the scale of its data
  if (room === 'model-file') return [...ground, 'sequence-source', 'rnn-cell']
  return [...ground, ...rooms.slice(0, rooms.indexOf(room))]
}

describe('the house', () => {
  it('is read: every file has the imports it is known to have', () => {
    const known = importsOf('src/unroll/predictions.ts').map(({ own, typeOnly }) => [own, typeOnly])
    should(known).containDeep([
      ['src/unroll/unrolled', true],
      ['src/tensor/nested', false],
    ])
    should(all.length).be.above(100)
    should(within('nodes/common/')).not.be.empty()
  })

  it('has only the rooms it is known to have', () => {
    const found = new Set(src.map((file) => roomOf(file).replace(/\.ts$/, '')))
    should([...found].sort()).eql([...ground, ...rooms, 'model-file', 'index'].sort())
  })

  it('src imports nothing of Node-RED, and no file outside of src', () => {
    none(
      within('src/').filter(
        ({ path, own }) => /node-red/.test(path) || (own !== undefined && !own.startsWith('src/')),
      ),
    )
  })

  it('src imports no package that is not a dependency', () => {
    none(within('src/').filter(({ path, own }) => !own && !isBuiltin(path) && !isDependency(path)))
  })

  it('a room uses the ground floor and rooms to its left, never one to its right', () => {
    none(
      within('src/').filter(({ from, own }) => {
        if (from === 'src/index.ts' || own === undefined) return false
        const [room, used] = [roomOf(from).replace(/\.ts$/, ''), roomOf(own)]
        return used !== room && !mayUse(room).includes(used)
      }),
    )
  })

  /** Beside `src`, built-in modules, dependencies and the types of Node-RED. */
  const isOutside = ({ path, own, typeOnly }: Import) =>
    own === 'src' || isBuiltin(path) || isDependency(path) || (path === 'node-red' && typeOnly)
  const importsOnly = (from: string, folders: readonly string[]) =>
    none(
      within(from).filter(
        (one) => !isOutside(one) && !folders.some((folder) => one.own?.startsWith(`nodes/${folder}/`)),
      ),
    )

  for (const room of palette)
    it(`nodes/${room}.ts imports src, the halls and its own room, and its room src, common and itself`, () => {
      importsOnly(`nodes/${room}.ts`, [...halls, room])
      importsOnly(`nodes/${room}/`, ['common', room])
    })

  it('nodes/recurrent.ts imports the halls and the preview of sequences', () => {
    importsOnly('nodes/recurrent.ts', [...halls, 'sequence-source/preview'])
  })

  for (const [place, hall] of halls.entries())
    it(`nodes/${hall} imports src, itself and halls before it`, () => {
      importsOnly(`nodes/${hall}/`, halls.slice(0, place + 1))
    })

  it('editor imports of nodes only types and what has no Node in it', () => {
    const browser = filesIn('editor').flatMap(importsOf)
    none(
      browser.filter(({ own, typeOnly }) => {
        const isShared = [
          'nodes/watch/curve',
          'nodes/watch/wire',
          'nodes/common/migrations/migrate',
        ].includes(own ?? '')
        return own?.startsWith('nodes/') && !typeOnly && !isShared
      }),
    )
    none(browser.filter(({ path }) => isBuiltin(path)))
  })

  it('nodes/common/migrations, which the editor has too, imports nothing but itself', () => {
    none(within('nodes/common/migrations/').filter(({ own }) => !own?.startsWith('nodes/common/migrations/')))
  })

  it('has no circles, types aside', () => {
    const files = new Set([...src, ...nodes].map((file) => file.replace(/\.ts$/, '')))
    const used = new Map<string, string[]>()
    for (const { from, own, typeOnly } of all) {
      if (own === undefined || typeOnly) continue
      const target = files.has(own) ? own : `${own}/index`
      should(files.has(target)).be.true(`${from} imports ${own}, which is no file`)
      const key = from.replace(/\.ts$/, '')
      used.set(key, [...(used.get(key) ?? []), target])
    }
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      else if (!done.has(file)) {
        for (const next of used.get(file) ?? []) visit(next, [...path, file])
        done.add(file)
      }
    }
    for (const file of files) visit(file, [])
    should(circles).eql([])
  })

  it('has no file of more than 300 lines', () => {
    const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1
    should([...src, ...nodes, ...filesIn('editor')].filter((file) => linesOf(file) > 300)).eql([])
  })

  it('has a test beside every room', () => {
    const tested = new Set(
      filesIn('test/src').map((file) => relative('test/src', dirname(file)).split(sep)[0]),
    )
    const missing = [...ground.slice(2), ...rooms, 'model-file'].filter((room) => !tested.has(room))
    should(missing).eql([])
  })
})
