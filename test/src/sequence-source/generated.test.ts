/** Batches of drawn sequences: of different lengths, and with targets that do not count. */
import should from 'should'
import { random } from '../../../src/random/random'
import { type Generator, generatedTask, type Sequence } from '../../../src/sequence-source/generated'

const facts = { length: 3, inputSize: 2, outputSize: 2, targetKind: 'value', targetsPer: 'step' } as const
/** Draws these sequences, one after the other. */
const task = (generator: Partial<Generator>, sequences: readonly Sequence[]) => {
  let drawn = 0
  const draw = () => sequences[drawn++]
  return generatedTask({ ...facts, ...generator, draw }, { task: 'parity' }, 1)
}
const batch = (generator: Partial<Generator>, sequences: readonly Sequence[]) =>
  task(generator, sequences).train([...sequences.keys()], random(1))

describe('a batch of drawn sequences', () => {
  const [long, short]: Sequence[] = [
    {
      inputs: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      target: [10, 20, 30, 40, 50, 60],
    },
    { inputs: [[7, 8]], target: [70, 80] },
  ]

  it('is filled up with zeros at the end of shorter ones, and tells their lengths', () => {
    const { inputs, targets, lengths } = batch({ variableLength: true }, [short, long])
    should([inputs.shape, targets.shape, lengths]).eql([
      [2, 3, 2],
      [2, 3, 2],
      [1, 3],
    ])
    should([...inputs.data]).eql([7, 8, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6])
    should([...targets.data]).eql([70, 80, 0, 0, 0, 0, 10, 20, 30, 40, 50, 60])
  })

  it('is as long as its own longest, not the longest there can be', () => {
    should(batch({ variableLength: true }, [short, short]).inputs.shape).eql([2, 1, 2])
  })

  it('says nothing of lengths and masks if all are the same and all count', () => {
    should(Object.keys(batch({}, [long, long]))).eql(['inputs', 'targets'])
  })

  it('has a mask [B, L] if a target does not count', () => {
    const masked = { ...long, targetMask: [0, 1, 1] }
    const { targetMask } = batch({}, [masked, masked])
    should(targetMask?.shape).eql([2, 3])
    should([...(targetMask?.data ?? [])]).eql([0, 1, 1, 0, 1, 1])
  })

  it('has targets of another length than its inputs', () => {
    const { inputs, targets } = batch({ length: 1, targetLength: 3, outputSize: 1 }, [
      { inputs: [[1, 2]], target: [3, 4, 5] },
      { inputs: [[6, 7]], target: [8, 9, 10] },
    ])
    should([inputs.shape, targets.shape]).eql([
      [2, 1, 2],
      [2, 3, 1],
    ])
    should([...targets.data]).eql([3, 4, 5, 8, 9, 10])
  })
})
