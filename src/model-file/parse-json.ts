/**
 * JSON of a file: no name may stand twice in an object, where readers would not agree which of both counts; and there is
 * no more in it than in a model, since an array of two characters becomes one of a hundred bytes.
 */
import { ExpectedError } from '../expected'
import { short } from './short'

/**
 * @param what the file, for the errors
 * @throws ExpectedError if it is no JSON, has more arrays and objects than a model, or a name twice
 */
export function parseJson(text: string, what: string): unknown {
  checkStructure(text, what)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ExpectedError(what, short((error as Error).message))
  }
  const twice = nameGivenTwice(text)
  if (twice === undefined) return value
  throw new ExpectedError(`${what} with each name once`, `${short(twice)} twice`)
}

/** Of each row of a matrix there is one: a cell of eight layers in both directions has a fraction of them. */
const mostParts = 2_000_000
function checkStructure(text: string, what: string): void {
  let parts = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === quote) at = endOfText(text, at)
    else if (sign === brace || sign === bracket) {
      parts += 1
      if (parts > mostParts) throw new ExpectedError(`${what} of at most ${mostParts} arrays`, 'more')
    }
  }
}

const code = (sign: string): number => sign.charCodeAt(0)
const [brace, braceEnd, bracket] = ['{', '}', '['].map(code)
const [quote, backslash, colon] = ['"', '\\', ':'].map(code)
const spaces = [' ', '\t', '\n', '\r'].map(code)

/** @param text is JSON */
function nameGivenTwice(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === brace) open.push(undefined)
    else if (sign === braceEnd) open.pop()
    else if (sign === quote) {
      const start = at
      at = endOfText(text, start)
      if (!isName(text, at + 1)) continue
      const name = JSON.parse(text.slice(start, at + 1)) as string
      const names = open[open.length - 1] ?? new Set()
      if (names.has(name)) return name
      open[open.length - 1] = names.add(name)
    }
  }
  return undefined
}

/** The place of the quotation mark at its end. */
function endOfText(text: string, start: number): number {
  let end = start + 1
  for (; end < text.length && text.charCodeAt(end) !== quote; end++)
    if (text.charCodeAt(end) === backslash) end++
  return end
}

/** What stands before a colon is a name. */
function isName(text: string, after: number): boolean {
  let at = after
  while (spaces.includes(text.charCodeAt(at))) at++
  return text.charCodeAt(at) === colon
}
