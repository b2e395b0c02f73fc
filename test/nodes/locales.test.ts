/** The catalogues: every language says all that English says, with the same words to fill in and the same names in help. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import should from 'should'
import { root } from '../../scripts/assets'

const folder = resolve(root, 'nodes/locales')
const english = 'en-US'
const files = readdirSync(resolve(folder, english))
const read = (language: string, file: string) => readFileSync(resolve(folder, language, file), 'utf8')

type Catalogue = { [key: string]: string | Catalogue }

/** By their paths. */
function textsOf(catalogue: Catalogue, path = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : textsOf(value, `${path}${key}.`),
  )
}

/** What a text is filled in with: __step__. */
const gapsOf = (text: string) => [...text.matchAll(/__\w+__/g)].map(([gap]) => gap).sort()

/** The elements of a help text one after the other, and what is code in it: names of properties are not translated. */
const elementsOf = (html: string) => [...html.matchAll(/<(\/?[a-z][a-z0-9]*)/g)].map(([, element]) => element)
const namesOf = (html: string) =>
  [
    ...[...html.matchAll(/<code>(.*?)<\/code>/gs)].map(([, code]) => code.replaceAll(/\s+/g, ' ')),
    ...[...html.matchAll(/<dt[^>]*>\s*([\w.[\]]+)\s*<span class="property-type"/g)].map(([, name]) => name),
  ].sort()

describe('the catalogues', () => {
  it('are those of the languages that are promised', () => {
    should(readdirSync(folder).sort()).eql(['de', 'en-US', 'ja', 'zh-CN'])
  })

  for (const language of ['de', 'ja', 'zh-CN'])
    for (const file of files)
      it(`${language}/${file} is complete`, () => {
        const [own, of] = [read(language, file), read(english, file)]
        if (file.endsWith('.html')) {
          should(elementsOf(own)).eql(elementsOf(of))
          should(namesOf(own)).eql(namesOf(of))
          should(own).match(new RegExp(`data-help-name="${file.replace('.html', '')}"`))
          should(own).not.equal(of)
          return
        }
        const texts = new Map(textsOf(JSON.parse(own)))
        const wanted = textsOf(JSON.parse(of))
        should([...texts.keys()]).eql(wanted.map(([path]) => path))
        for (const [path, text] of wanted) {
          should(texts.get(path)?.trim() ?? '').not.equal('', path)
          should(gapsOf(texts.get(path) as string)).eql(gapsOf(text), path)
        }
        // names and formulas stay as they are, sentences do not
        const same = wanted.filter(([path, text]) => text.split(' ').length > 3 && texts.get(path) === text)
        should(same).eql([])
      })
})
