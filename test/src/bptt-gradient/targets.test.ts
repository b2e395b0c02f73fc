/** Targets in every form a person writes them. */
import should from 'should'
import { bpttGradient, rnnCell, type Topology, tensor, unroll } from '../../../src'
import { readTargets } from '../../../src/bptt-gradient/targets'
import { throwsExpected } from '../../support/throws'

const network = (topology: Topology, outputSize: number, batched: boolean) => {
  const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize })
  const sequence = [[1], [2], [3]]
  return unroll(cell, batched ? [sequence, sequence] : sequence, { topology })
}
const read = (
  given: unknown,
  topology: Topology,
  outputSize: number,
  batched: boolean,
  kind: 'value' | 'class' = 'value',
) => {
  const { shape, data, dtype } = readTargets(given, network(topology, outputSize, batched), kind)
  should(dtype).equal('float64')
  return { shape, data: [...data] }
}

describe('targets of values are read as [L, B, O]', () => {
  it('from [O] for one sequence, many-to-one', () => {
    should(read([5, 6], 'many-to-one', 2, false)).eql({ shape: [1, 1, 2], data: [5, 6] })
  })

  it('from a plain number for one sequence, many-to-one, one output', () => {
    for (const given of [5, [5]])
      should(read(given, 'many-to-one', 1, false)).eql({ shape: [1, 1, 1], data: [5] })
  })

  it('from [L][O], or [L] for one output, for one sequence, many-to-many', () => {
    should(
      read(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        'many-to-many',
        2,
        false,
      ),
    ).eql({ shape: [3, 1, 2], data: [1, 2, 3, 4, 5, 6] })
    for (const given of [
      [1, 2, 3],
      [[1], [2], [3]],
    ])
      should(read(given, 'many-to-many', 1, false)).eql({ shape: [3, 1, 1], data: [1, 2, 3] })
  })

  it('from [B][O], or [B] for one output, for a batch, many-to-one', () => {
    should(
      read(
        [
          [1, 2],
          [3, 4],
        ],
        'many-to-one',
        2,
        true,
      ),
    ).eql({ shape: [1, 2, 2], data: [1, 2, 3, 4] })
    for (const given of [
      [1, 2],
      [[1], [2]],
    ])
      should(read(given, 'many-to-one', 1, true)).eql({ shape: [1, 2, 1], data: [1, 2] })
  })

  it('from [B][L][O], or [B][L] for one output, for a batch, many-to-many: time comes first', () => {
    const given = [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]
    should(read(given, 'many-to-many', 2, true)).eql({
      shape: [3, 2, 2],
      data: [1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12],
    })
    for (const one of [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
    ])
      should(read(one, 'many-to-many', 1, true)).eql({ shape: [3, 2, 1], data: [1, 4, 2, 5, 3, 6] })
  })

  it('from tensors and typed arrays', () => {
    should(read(tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)), 'many-to-one', 2, true).data).eql([
      1, 2, 3, 4,
    ])
    should(read(Float32Array.of(1, 2), 'many-to-one', 1, true).data).eql([1, 2])
  })
})

describe('targets of classes are read as [L, B, 1]', () => {
  it('from a number, [L], [B] or [B][L]', () => {
    should(read(2, 'many-to-one', 3, false, 'class')).eql({ shape: [1, 1, 1], data: [2] })
    should(read([0, 1, 2], 'many-to-many', 3, false, 'class')).eql({ shape: [3, 1, 1], data: [0, 1, 2] })
    should(read([2, 1], 'many-to-one', 3, true, 'class')).eql({ shape: [1, 2, 1], data: [2, 1] })
    should(
      read(
        [
          [0, 1, 2],
          [2, 1, 0],
        ],
        'many-to-many',
        3,
        true,
        'class',
      ),
    ).eql({ shape: [3, 2, 1], data: [0, 2, 1, 1, 2, 0] })
  })

  it('with a last axis of one or without', () => {
    should(read([[2], [1]], 'many-to-one', 3, true, 'class').data).eql([2, 1])
    should(read([2], 'many-to-one', 3, false, 'class').data).eql([2])
  })
})

describe('targets that do not fit say which shape would', () => {
  const wrong: [string, Topology, number, boolean, 'value' | 'class', unknown, string][] = [
    [
      'too many outputs',
      'many-to-one',
      2,
      true,
      'value',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      'expected a target of shape [2, 2] for many-to-one (2 sequences, 2 outputs), got shape [2, 3]',
    ],
    [
      'another batch',
      'many-to-one',
      2,
      true,
      'value',
      [[1, 2]],
      'expected a target of shape [2, 2] for many-to-one (2 sequences, 2 outputs), got shape [1, 2]',
    ],
    [
      'a missing axis of steps',
      'many-to-many',
      1,
      true,
      'value',
      [1, 2],
      'expected a target of shape [2, 3, 1] for many-to-many (2 sequences, 1 outputs), got shape [2]',
    ],
    [
      'too few steps',
      'many-to-many',
      1,
      false,
      'value',
      [1, 2],
      'expected a target of shape [3, 1] for many-to-many (1 sequences, 1 outputs), got shape [2]',
    ],
    [
      'a batch for one sequence',
      'many-to-one',
      2,
      false,
      'value',
      [[1, 2]],
      'expected a target of shape [2] for many-to-one (1 sequences, 2 outputs), got shape [1, 2]',
    ],
    [
      'no target',
      'many-to-one',
      2,
      false,
      'value',
      undefined,
      'expected a target of shape [2] for many-to-one (1 sequences, 2 outputs), got none',
    ],
    [
      'one-hot classes',
      'many-to-one',
      3,
      true,
      'class',
      [
        [0, 0, 1],
        [1, 0, 0],
      ],
      'expected a target of shape [2] for many-to-one (2 sequences, 3 outputs), got shape [2, 3]',
    ],
    [
      'a tensor of another shape',
      'many-to-one',
      1,
      true,
      'value',
      tensor('float64', [3]),
      'expected a target of shape [2, 1] for many-to-one (2 sequences, 1 outputs), got shape [3]',
    ],
    [
      'a ragged row',
      'many-to-one',
      2,
      true,
      'value',
      [[1, 2], [3]],
      'expected 2 outputs at sequence 2 as in the first, got 1',
    ],
    ['null', 'many-to-one', 1, true, 'value', [1, null], 'expected a finite number at sequence 2, got null'],
    ['null for one sequence', 'many-to-one', 1, false, 'value', null, 'expected a finite number, got null'],
    [
      'a text',
      'many-to-many',
      1,
      true,
      'value',
      [
        [1, 2, 'x'],
        [1, 2, 3],
      ],
      'expected a finite number at sequence 1, step 3, got the text "x"',
    ],
  ]
  for (const [what, topology, size, batched, kind, given, message] of wrong)
    it(what, () => throwsExpected(() => readTargets(given, network(topology, size, batched), kind), message))

  it('through bpttGradient as well', () => {
    throwsExpected(
      () => bpttGradient(network('many-to-one', 2, true), [1]),
      /^expected a target of shape \[2, 2\]/,
    )
  })
})
