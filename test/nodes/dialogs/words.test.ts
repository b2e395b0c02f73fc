/** The words of the dialogs: every one that the editor's code asks for is there, and none is there for nothing. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import should from 'should'
import { root } from '../../../scripts/assets'
import { dialogOf } from '../../support/dialog'

const read = (path: string) => readFileSync(resolve(root, path), 'utf8')

const codeOf = (type: string): string => {
  const files = readdirSync(resolve(root, 'editor/dialogs'), { recursive: true, encoding: 'utf8' })
  const own = files.filter((file) => file.startsWith(type) && /\.tsx?$/.test(file))
  return own.map((file) => read(`editor/dialogs/${file}`)).join('\n')
}

for (const type of ['sequence-source', 'rnn-cell', 'unroll', 'bptt-gradient', 'clip-gradient', 'optimizer']) {
  describe(`the words of ${type}'s dialog`, () => {
    const { texts, html } = dialogOf(type)
    const code = codeOf(type)
    const all = Object.entries(texts).flatMap(([group, words]) =>
      Object.keys(words).map((name) => `${group}.${name}`),
    )
    const asked = [...code.matchAll(/'((?:[a-z]\w+)\.[\w-]+)'/g)]
      .map(([, key]) => key)
      .filter((key) => key.split('.')[0] in texts)

    it('are there, each that is asked for', () => {
      should(asked.filter((key) => !all.includes(key))).eql([])
    })

    it('are each asked for', () => {
      const runtime = read(`nodes/${type}.ts`) + read('nodes/rnn-cell/install.ts')
      const isMade = ([group]: string[]) => new RegExp(`\`${group}\\.\\$\\{`).test(code) || group === 'error'
      const unused = all.filter((key) => {
        const used = asked.includes(key) || html.includes(`${type}.${key}`) || runtime.includes(key)
        return !used && !isMade(key.split('.')) && !['port', 'status', 'message'].includes(key.split('.')[0])
      })
      should(unused).eql([])
    })
  })
}
