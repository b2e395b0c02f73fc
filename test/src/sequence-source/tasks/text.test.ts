/** Windows over a text, read back as text. */
import should from 'should'
import { type Batch, type SourceOptions, sequenceSource } from '../../../../src'
import { throwsExpected } from '../../../support/throws'
import { hot } from '../drawn'

const text = 'a big cab, a bad bag; ice cream & jam'
const source = (options: Partial<SourceOptions>) =>
  sequenceSource({
    task: 'text',
    text,
    length: 4,
    validationSplit: 0,
    shuffle: false,
    epochs: 1,
    batch: 1000,
    ...options,
  })
const vocabularyOf = (from: ReturnType<typeof source>) => from.task.vocabulary as readonly string[]
/** Inputs and targets of each sequence as text. */
const read = (batches: Iterable<Batch>, vocabulary: readonly string[]) =>
  [...batches].flatMap(({ inputs, targets }) => {
    const [count, length, size] = inputs.shape
    const character = (at: number) =>
      vocabulary[size === 1 ? inputs.data[at] : hot([...inputs.data.slice(at * size, (at + 1) * size)])]
    return Array.from({ length: count }, (_, row) => {
      const steps = Array.from({ length }, (_, step) => row * length + step)
      return [steps.map(character).join(''), steps.map((at) => vocabulary[targets.data[at]]).join('')]
    })
  })
const pairs = (options: Partial<SourceOptions>) => {
  const from = source(options)
  return { train: read(from, vocabularyOf(from)), validation: read(from.validation(), vocabularyOf(from)) }
}

describe('text', () => {
  it('is cut end to end, and asks at each step for the next character', () => {
    should(pairs({ text: 'abcabdabe' }).train).eql([
      ['abca', 'bcab'],
      ['bdab', 'dabe'],
    ])
  })

  it('is cut as far apart as the stride says', () => {
    should(pairs({ text: 'abcabda', stride: 1 }).train).eql([
      ['abca', 'bcab'],
      ['bcab', 'cabd'],
      ['cabd', 'abda'],
    ])
  })

  it('has windows of 20 characters if nothing else is asked', () => {
    const from = source({ text: text + text, length: undefined })
    should([from.task.length, from.task.trainCount]).eql([20, 3])
  })

  it('has all its characters as the vocabulary, in the order of their code points', () => {
    const { task } = source({})
    should(task.vocabulary).eql([...' &,;abcdegijmr'])
    should([task.inputSize, task.outputSize, task.targetKind, task.targetsPer]).eql([14, 14, 'class', 'step'])
  })

  it('takes a character outside of the basic plane as one', () => {
    const from = source({ text: 'é🎈a🎈é', length: 2 })
    should(from.task.vocabulary).eql(['a', 'é', '🎈'])
    should(read(from, vocabularyOf(from))).eql([
      ['é🎈', '🎈a'],
      ['a🎈', '🎈é'],
    ])
  })

  it('is one-hot, or the place in the vocabulary', () => {
    const [rows, places] = (['one-hot', 'index'] as const).map((encoding) => source({ encoding }))
    should(places.task.inputSize).equal(1)
    const [[wide], [narrow]] = [[...rows], [...places]]
    should(narrow.inputs.shape).eql([9, 4, 1])
    should(wide.inputs.shape).eql([9, 4, 14])
    should(wide.targets).eql(narrow.targets)
    should(read([narrow], vocabularyOf(places))).eql(read([wide], vocabularyOf(rows)))
    should(source({}).task.inputSize).equal(14)
  })

  it('holds out its last part, and shows none of it in training', () => {
    const { train, validation } = pairs({ text: '0123456789abcdefghij', stride: 1, validationSplit: 0.4 })
    should(train.map(([, target]) => target).at(-1)).equal('89ab')
    should(train).have.length(8)
    should(validation.map(([, target]) => target)).eql(['cdef', 'defg', 'efgh', 'fghi', 'ghij'])
  })

  it('has a vocabulary of all of the text, so that what is held out can be told', () => {
    should(source({ text: 'aaaaaaaaaabbbbbz', validationSplit: 0.5 }).task.vocabulary).eql(['a', 'b', 'z'])
  })

  it('can be in another order each epoch', () => {
    const inputs = (shuffle?: boolean) => {
      const from = source({ stride: 1, shuffle, epochs: 2 })
      return [...from].map((batch) => read([batch], vocabularyOf(from)).join())
    }
    const [first, second] = inputs(undefined)
    should(first).not.equal(second)
    const [still, again] = inputs(false)
    should(still).equal(again)
  })

  it('may come as data', () => {
    should(pairs({ text: undefined, data: text })).eql(pairs({}))
    should(pairs({ data: 'something else' })).eql(pairs({}))
  })

  const wrong: [options: Partial<SourceOptions>, message: string][] = [
    [{ text: undefined }, 'expected a text for the task text, got none'],
    [{ text: '' }, 'expected a text for the task text, got an empty text'],
    [{ text: undefined, data: [1, 2, 3] }, 'expected a text for the task text, got an array of 3'],
    [
      { text: 'abcd' },
      'expected at least 5 characters to learn from (a window of 4 and the horizon of 1), got 4 of 4 characters',
    ],
    [{ encoding: 'bytes' as 'index' }, 'expected encoding to be one of one-hot, index, got the text "bytes"'],
    [{ stride: 0 }, 'expected stride to be a whole number from 1 up to 10000000, got 0'],
    [{ validationSplit: 1 }, 'expected validationSplit to be a number from 0 up to 0.9, got 1'],
  ]
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, () => throwsExpected(() => source(options), message))
})
