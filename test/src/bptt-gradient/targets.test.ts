/** Targets in every form a person writes them. */
import should from 'should'
import { readTargets } from '../../../src/bptt-gradient/targets'
import { isTensor } from '../../../src/tensor/nested'
import { tensor } from '../../../src/tensor/tensor'
import type { Topology } from '../../../src/unroll/topology'
import type { Unrolled } from '../../../src/unroll/unroll'
import { throwsExpected } from '../../support/throws'

/** What targets are read by: two sequences or a single one, read out at the last of three steps or at each. */
const network = (topology: Topology, outputSize: number, batched: boolean) => {
  const batch = batched ? 2 : 1
  const readouts = topology === 'many-to-one' ? [3] : [1, 2, 3]
  const outputs = tensor('float64', [readouts.length, batch, outputSize])
  return { batched, batch, readouts, topology, outputs } as unknown as Unrolled
}
const read = (
  given: unknown,
  topology: Topology,
  outputSize: number,
  batched: boolean,
  wanted: 'value' | 'class' = 'value',
) => {
  const { targets, kind } = readTargets(given, network(topology, outputSize, batched), wanted)
  const { shape, data, dtype } = targets
  should(dtype).equal(isTensor(given) ? given.dtype : 'float64')
  if (wanted === 'value') should(kind).equal('value')
  return { shape, data: [...data], kind }
}
const readValues = (given: unknown, topology: Topology, outputSize: number, batched: boolean) => {
  const { shape, data } = read(given, topology, outputSize, batched)
  return { shape, data }
}

describe('targets of values are read as [L, B, O]', () => {
  it('from [O] for one sequence, many-to-one', () => {
    should(readValues([5, 6], 'many-to-one', 2, false)).eql({ shape: [1, 1, 2], data: [5, 6] })
  })

  it('from a plain number for one sequence, many-to-one, one output', () => {
    for (const given of [5, [5]])
      should(readValues(given, 'many-to-one', 1, false)).eql({ shape: [1, 1, 1], data: [5] })
  })

  it('from [L][O], or [L] for one output, for one sequence, many-to-many', () => {
    should(
      readValues(
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
      should(readValues(given, 'many-to-many', 1, false)).eql({ shape: [3, 1, 1], data: [1, 2, 3] })
  })

  it('from [B][O], or [B] for one output, for a batch, many-to-one', () => {
    should(
      readValues(
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
      should(readValues(given, 'many-to-one', 1, true)).eql({ shape: [1, 2, 1], data: [1, 2] })
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
    should(readValues(given, 'many-to-many', 2, true)).eql({
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
      should(readValues(one, 'many-to-many', 1, true)).eql({ shape: [3, 2, 1], data: [1, 4, 2, 5, 3, 6] })
  })

  it('from tensors and typed arrays', () => {
    should(
      readValues(tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)), 'many-to-one', 2, true).data,
    ).eql([1, 2, 3, 4])
    should(readValues(Float32Array.of(1, 2), 'many-to-one', 1, true).data).eql([1, 2])
  })
})

describe('targets of classes', () => {
  const readClasses = (given: unknown, topology: Topology, outputSize: number, batched: boolean) =>
    read(given, topology, outputSize, batched, 'class')
  const steps = [
    [0, 1, 2],
    [2, 1, 0],
  ]

  it('are indices [L, B, 1] from a number, [L], [B] or [B][L]', () => {
    const kind = 'class index'
    should(readClasses(2, 'many-to-one', 3, false)).eql({ shape: [1, 1, 1], data: [2], kind })
    should(readClasses([0, 1, 2], 'many-to-many', 3, false)).eql({ shape: [3, 1, 1], data: [0, 1, 2], kind })
    should(readClasses([2, 1], 'many-to-one', 3, true)).eql({ shape: [1, 2, 1], data: [2, 1], kind })
    should(readClasses(steps, 'many-to-many', 3, true)).eql({
      shape: [3, 2, 1],
      data: [0, 2, 1, 1, 2, 0],
      kind,
    })
  })

  it('may have a last axis of one', () => {
    for (const [given, batched] of [
      [[[2], [1]], true],
      [[2], false],
    ] as const)
      should(readClasses(given, 'many-to-one', 3, batched)).eql(
        readClasses(batched ? [2, 1] : 2, 'many-to-one', 3, batched),
      )
  })

  it('may be ignored ones', () => {
    should(readClasses([-100, 1], 'many-to-one', 3, true).data).eql([-100, 1])
  })

  it('are probabilities [L, B, O] from [O], [L][O], [B][O] or [B][L][O]', () => {
    const kind = 'probability'
    should(readClasses([0.25, 0.75], 'many-to-one', 2, false)).eql({
      shape: [1, 1, 2],
      data: [0.25, 0.75],
      kind,
    })
    should(
      readClasses(
        [
          [0, 1],
          [1, 0],
        ],
        'many-to-one',
        2,
        true,
      ),
    ).eql({ shape: [1, 2, 2], data: [0, 1, 1, 0], kind })
    const shares = steps.map((row) => row.map((y) => [y / 2, 1 - y / 2]))
    should(readClasses(shares[0], 'many-to-many', 2, false)).eql({
      shape: [3, 1, 2],
      data: [0, 1, 0.5, 0.5, 1, 0],
      kind,
    })
    should(readClasses(shares, 'many-to-many', 2, true)).eql({
      shape: [3, 2, 2],
      data: [0, 1, 1, 0, 0.5, 0.5, 0.5, 0.5, 1, 0, 0, 1],
      kind,
    })
    should(readClasses(tensor('float32', [2, 2]), 'many-to-one', 2, true).kind).equal(kind)
  })

  it('of a single output are always indices', () => {
    for (const given of [
      [0, 0],
      [[0], [0]],
    ])
      should(readClasses(given, 'many-to-one', 1, true)).eql({
        shape: [1, 2, 1],
        data: [0, 0],
        kind: 'class index',
      })
  })
})

describe('targets that do not fit', () => {
  const refused = (
    given: unknown,
    topology: Topology,
    outputSize: number,
    batched: boolean,
    kind: 'value' | 'class' = 'value',
  ) => ({
    as: (message: string) =>
      throwsExpected(() => readTargets(given, network(topology, outputSize, batched), kind), message),
  })
  const twoRows = (last: unknown) => [1, 3].map((first, row) => [first, row === 0 ? 2 : last])

  it('say which shape would', () => {
    const fits = (given: unknown, topology: Topology, size: number, batched: boolean, message: string) =>
      refused(given, topology, size, batched).as(`expected a target of shape ${message}`)
    const threes = [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]
    fits(threes, 'many-to-one', 2, true, '[2, 2] for many-to-one (2 sequences, 2 outputs), got shape [2, 3]')
    fits(
      [[1, 2]],
      'many-to-one',
      2,
      true,
      '[2, 2] for many-to-one (2 sequences, 2 outputs), got shape [1, 2]',
    )
    fits(
      [1, 2],
      'many-to-many',
      1,
      true,
      '[2, 3, 1] for many-to-many (2 sequences, 1 outputs), got shape [2]: for one target a sequence the topology is many-to-one',
    )
    fits([1, 2], 'many-to-many', 1, false, '[3, 1] for many-to-many (1 sequences, 1 outputs), got shape [2]')
    fits([[1, 2]], 'many-to-one', 2, false, '[2] for many-to-one (1 sequences, 2 outputs), got shape [1, 2]')
    fits(undefined, 'many-to-one', 2, false, '[2] for many-to-one (1 sequences, 2 outputs), got none')
    fits(
      [0, 1],
      'many-to-one',
      3,
      true,
      '[2, 3] for many-to-one (2 sequences, 3 outputs), got shape [2]: if these are classes, the loss is cross-entropy',
    )
    fits([1, 2, 3], 'many-to-one', 3, true, '[2, 3] for many-to-one (2 sequences, 3 outputs), got shape [3]')
    fits(5, 'many-to-many', 2, false, '[3, 2] for many-to-many (1 sequences, 2 outputs), got shape []')
    const tensor4 = tensor('float64', [2, 4, 2])
    fits(
      tensor4,
      'many-to-many',
      2,
      true,
      '[2, 3, 2] for many-to-many (2 sequences, 2 outputs), got shape [2, 4, 2]',
    )
    const tensor3 = tensor('float64', [3])
    fits(tensor3, 'many-to-one', 1, true, '[2, 1] for many-to-one (2 sequences, 1 outputs), got shape [3]')
  })

  it('say what to change where it can be told', () => {
    const toChange = (given: unknown, topology: Topology, size: number, remedy: string) =>
      throwsExpected(
        () => readTargets(given, network(topology, size, true), 'value'),
        new RegExp(`: ${remedy}$`),
      )
    toChange([[1], [2]], 'many-to-many', 1, 'for one target a sequence the topology is many-to-one')
    toChange(
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
      'many-to-one',
      1,
      'for one target a step the topology is many-to-many',
    )
    toChange([1, 0], 'many-to-one', 2, 'if these are classes, the loss is cross-entropy')
  })

  it('say for classes which shapes would', () => {
    refused(twoRows(4), 'many-to-one', 3, true, 'class').as(
      'expected a target of shape [2] (class indices) or [2, 3] (probabilities) for many-to-one (2 sequences, 3 outputs), got shape [2, 2]',
    )
    refused([0, 0], 'many-to-many', 1, true, 'class').as(
      'expected a target of shape [2, 3] (class indices) for many-to-many (2 sequences, 1 outputs), got shape [2]: for one target a sequence the topology is many-to-one',
    )
  })

  it('say where they are wrong', () => {
    refused([[1, 2], [3]], 'many-to-one', 2, true).as(
      'expected 2 outputs at sequence 2 as in the first, got 1',
    )
    refused([1, null], 'many-to-one', 1, true).as('expected a finite number at sequence 2, got null')
    refused(null, 'many-to-one', 1, false).as('expected a finite number, got null')
    refused(twoRows('x'), 'many-to-one', 2, true).as(
      'expected a finite number at sequence 2, output 2, got the text "x"',
    )
    refused([1, 2, 'x'], 'many-to-many', 1, false).as('expected a finite number at step 3, got the text "x"')
  })
})
