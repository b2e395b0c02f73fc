/** JSON of a file, where a name may not stand twice in an object. */
import fc from 'fast-check'
import should from 'should'
import { parseJson } from '../../../src/model-file/parse-json'
import { throwsExpected } from '../../support/throws'

describe('JSON of a file', () => {
  it('is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent)
        should(JSON.stringify(parseJson(text, 'a file'))).equal(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  it('may have a name again in another object, and as a text', () => {
    const text = '{"a": {"a": "a"}, "b": [{"a": 1}, {"a": "a"}], "c": "\\"a\\": \\\\", "d": "{\\"a\\":"}'
    should(parseJson(text, 'a file')).eql(JSON.parse(text))
  })

  for (const [text, name] of [
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"b":{},"a":1}', 'a'],
    ['[{"x":[{"":1, "" :2}]}]', ''],
    ['{"a":1,"\\u0061"\n:2}', 'a'],
    ['{"\\"":1,"\\u0022":2}', '"'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"b":{"c":1},"x":"}","b":2}', 'b'],
  ])
    it(`may not have a name twice: ${text}`, () => {
      throwsExpected(
        () => parseJson(text, 'a file'),
        `expected a file with each name once, got ${name} twice`,
      )
    })

  it('of any depth and length is read or refused, and takes no time', () => {
    const deep = 200_000
    const started = performance.now()
    parseJson(`${'['.repeat(deep)}${']'.repeat(deep)}`, 'a file')
    parseJson(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`, 'a file')
    parseJson(`"${'\\n'.repeat(5_000_000)}"`, 'a file')
    throwsExpected(() => parseJson('{"a":'.repeat(deep), 'a file'), /^expected a file, got /)
    should(performance.now() - started).be.below(5000)
  })
})
