/** The lesson of the text: it learns a rhyme letter by letter, and what it writes then are words of the rhyme. */
import should from 'should'
import { example } from '../support/node-red'
import { runLesson, table } from './run-lesson'

const name = '9 character text'
const seeds = [1, 2, 3]
const rhyme = String(example(name).find(({ type }) => type === 'sequence-source')?.text)
const wordsOf = (text: string): string[] => text.match(/[A-Za-z]+/g) ?? []
const known = new Set(wordsOf(rhyme))

/** Of the words that were written, but the one that was cut off at the end. */
function judged(text: string) {
  const words = wordsOf(text).slice(0, -1)
  return {
    share: words.filter((word) => known.has(word)).length / words.length,
    different: new Set(words).size,
  }
}

describe(name, () => {
  it('learns the rhyme to a cross-entropy below 0.25, and writes words of it, seeds 1 to 3', async () => {
    const lessons = await runLesson(name, seeds, async ({ says, asked }) => {
      const [, entropy] = await says(/step 1000 of 1000: cross-entropy ([\d.]+)/)
      const texts: string[] = []
      for (const button of ['text-t', 'text-when', 'text-up'])
        texts.push(await asked(button, 'the text', /[\s\S]{160}/))
      return { entropy: Number(entropy), texts }
    })
    table(
      'cross-entropy',
      seeds,
      lessons.map(({ entropy }) => entropy),
    )
    const all = lessons.map(({ texts }) => texts.map(judged))
    table(
      'share of words that are in the rhyme',
      seeds,
      all.map((texts) => texts.map(({ share }) => share.toFixed(2)).join(' ')),
    )
    console.log(`      seed 1 writes: ${lessons[0].texts[0].replaceAll('\n', ' / ')}`)
    // guessing among 36 characters has 3.58
    for (const { entropy } of lessons) should(entropy).be.below(0.25)
    for (const { share, different } of all.flat()) {
      should(share).be.above(0.75)
      should(different).be.above(9)
    }
    for (const { texts } of lessons) {
      should(texts[0]).match(/^T/)
      should(texts[1]).match(/^When/)
      should(texts[2]).match(/^Up/)
    }
  })
})
