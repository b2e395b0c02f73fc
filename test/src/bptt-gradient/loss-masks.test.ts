/** Masks of readouts in every form a person writes them. */
import should from 'should'
import { combineMasks, readMask } from '../../../src/bptt-gradient/targets'
import { tensor } from '../../../src/tensor/tensor'
import type { Topology } from '../../../src/unroll/topology'
import type { Unrolled } from '../../../src/unroll/unroll'
import { throwsExpected } from '../../support/throws'

/** What masks are read by: two sequences or a single one, read out at the last of three steps or at each. */
const network = (topology: Topology, batched: boolean) =>
  ({
    batched,
    batch: batched ? 2 : 1,
    readouts: topology === 'many-to-one' ? [3] : [1, 2, 3],
    topology,
  }) as unknown as Unrolled

describe('a mask', () => {
  const mask = (given: unknown, topology: Topology, batched: boolean) => {
    const found = readMask(given, network(topology, batched))
    return found && [...found]
  }

  it('is read as [L * B], time first, from [B][L] of 0 and 1 or false and true', () => {
    for (const given of [
      [
        [1, 1, 0],
        [1, 0, 0],
      ],
      [
        [true, true, false],
        [true, false, false],
      ],
      [
        [[1], [1], [0]],
        [[true], [false], [0]],
      ],
      [Uint8Array.of(1, 1, 0), Uint8Array.of(1, 0, 0)],
      tensor('float32', [2, 3], Float32Array.of(1, 1, 0, 1, 0, 0)),
    ])
      should(mask(given, 'many-to-many', true)).eql([1, 1, 1, 0, 0, 0])
  })

  it('has no axis of sequences for a single one, and none of steps where the network reads out once', () => {
    should(mask([1, 0, 1], 'many-to-many', false)).eql([1, 0, 1])
    should(mask([0, 1], 'many-to-one', true)).eql([0, 1])
    should(mask(1, 'many-to-one', false)).eql([1])
    should(mask([false], 'many-to-one', false)).eql([0])
  })

  it('need not be there', () => {
    should(mask(undefined, 'many-to-many', true)).be.undefined()
    should(mask(null, 'many-to-many', true)).be.undefined()
  })

  it('that does not fit says which would, or where it is wrong', () => {
    const wrong: [unknown, Topology, boolean, string][] = [
      [
        [1, 0],
        'many-to-many',
        true,
        'expected a mask of shape [2, 3] for many-to-many (2 sequences), got shape [2]',
      ],
      [
        [1, 0, 1],
        'many-to-one',
        true,
        'expected a mask of shape [2] for many-to-one (2 sequences), got shape [3]',
      ],
      [
        [
          [1, 1, 1],
          [1, 2, 1],
        ],
        'many-to-many',
        true,
        'expected 0 or 1 in the mask at sequence 2, step 2, got 2',
      ],
      [[1, 0.5], 'many-to-one', true, 'expected 0 or 1 in the mask at sequence 2, got 0.5'],
      [[1, 1, -1], 'many-to-many', false, 'expected 0 or 1 in the mask at step 3, got -1'],
      [2, 'many-to-one', false, 'expected 0 or 1 in the mask, got 2'],
      [
        [
          [1, 1, 1],
          [1, 1],
        ],
        'many-to-many',
        true,
        'expected 3 steps at sequence 2 as in the first, got 2',
      ],
      [[1, 'x'], 'many-to-one', true, 'expected a finite number at sequence 2, got the text "x"'],
    ]
    wrong.push(
      [
        [[1], ['x']],
        'many-to-one',
        true,
        'expected a finite number at sequence 2, output 1, got the text "x"',
      ],
      [
        [[1], [1], ['x']],
        'many-to-many',
        false,
        'expected a finite number at step 3, output 1, got the text "x"',
      ],
    )
    for (const [given, topology, batched, message] of wrong)
      throwsExpected(() => mask(given, topology, batched), message)
  })

  it('combines with another: a readout counts if it does in both', () => {
    const [a, b] = [Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0)]
    should(combineMasks(a, b)).eql(Uint8Array.of(1, 0, 0, 0))
    should([a, b]).eql([Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0)])
    should(combineMasks(a)).eql(a)
    should(combineMasks(undefined, b)).eql(b)
    should(combineMasks()).be.undefined()
  })
})
