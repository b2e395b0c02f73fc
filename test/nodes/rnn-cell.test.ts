/** rnn-cell: its sizes, updates, and starting again. */
import should from 'should'
import type { MessageCell } from '../../nodes/common/message'
import { cellFlow as cell, cellOf, inputs, parameterOf as numbers } from '../support/cell-flow'
import { withFlow } from '../support/flow'

describe('rnn-cell', () => {
  it('takes input and output size from the first sequence', () =>
    withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
      flow.send('cell', { payload: [[1, 2, 3, 4]], target: [1, 2] })
      should(cellOf(await flow.next('out')).sizes).eql({
        inputSize: 4,
        hiddenSize: 3,
        outputSize: 2,
      })
    }))

  for (const [target, payload, outputSize] of [
    [[1, 2, 3], [[1], [2], [3]], 1],
    [[1, 2, 3], [1, 2, 3], 1],
    [[1, 2], [[1], [2], [3]], 2],
    [[[1, 2, 3]], [[[1], [2], [3]]], 1],
    [[[1, 2]], [[[1], [2], [3]]], 2],
    [[7], [[[1], [2], [3]]], 1],
    [[[[1, 2]]], [[[1]]], 2],
  ] as const)
    it(`takes ${JSON.stringify(target)} after ${JSON.stringify(payload)} for an output size of ${outputSize}`, () =>
      withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
        flow.send('cell', { payload, target })
        should(cellOf(await flow.next('out')).sizes.outputSize).equal(outputSize)
      }))

  it('says what to do when there is no size and nothing to take it from', () =>
    withFlow(cell({ outputSize: '' }), async (flow) => {
      flow.send('cell', inputs)
      should((await flow.next('errors')).error?.message).match(
        /expected an output size, in the dialog or from a first sequence with a target/,
      )
    }))

  it('reads a gain that a flow variable holds, again at each reset', () =>
    withFlow([...cell({ gain: 'knob', gainType: 'env', initializer: 'identity' })], async (flow) => {
      process.env.knob = '3'
      flow.send('cell', inputs)
      should(numbers(await flow.next('out'), 'W')).eql([3, 0, 0, 0, 3, 0, 0, 0, 3])
      process.env.knob = '0.5'
      flow.send('cell', { ...inputs, reset: true })
      should(numbers(await flow.next('out'), 'W')[0]).equal(0.5)
      delete process.env.knob
    }))

  it('starts from parameters that were typed in', () =>
    withFlow(cell({ parameters: '{"W":[[1,2,3],[4,5,6],[7,8,9]],"c":[0.5]}' }), async (flow) => {
      flow.send('cell', inputs)
      const msg = await flow.next('out')
      should(numbers(msg, 'W')).eql([1, 2, 3, 4, 5, 6, 7, 8, 9])
      should(numbers(msg, 'c')).eql([0.5])
    }))

  it('refuses a format it does not write', () =>
    withFlow(cell(), async (flow) => {
      flow.send('cell', inputs)
      await flow.next('out')
      flow.send('cell', { export: 'hdf5' })
      should((await flow.next('errors')).error?.message).match(
        /expected msg\.export to be one of safetensors, onnx, json/,
      )
    }))

  const update = (of: MessageCell, parameters: object) => ({
    cell: of,
    update: { step: 1, learningRate: 1, skipped: false, parameters },
  })
  const delta = (shape: number[], value: number) => ({
    shape,
    dtype: 'float32',
    data: Buffer.from(new Float32Array(shape.reduce((a, b) => a * b)).fill(value).buffer),
  })

  it('adds an update, and says so at the second output', () =>
    withFlow(cell(), async (flow) => {
      flow.send('cell', inputs)
      const before = await flow.next('out')
      flow.send('cell', update(cellOf(before), { c: delta([1], 1) }))
      const { cell: after, update: gone, payload } = await flow.next('updated')
      should(after?.version).equal((cellOf(before).version as number) + 1)
      should(gone).equal(undefined)
      should(payload).containEql({ step: 1, skipped: false })
      flow.send('cell', inputs)
      should(numbers(await flow.next('out'), 'c')[0]).be.approximately(numbers(before, 'c')[0] + 1, 1e-6)
    }))

  for (const [what, spoil, says] of [
    [
      'of another cell',
      (of: MessageCell) => update({ ...of, id: 'other' }, { c: delta([1], 1) }),
      /expected an update for this rnn-cell \(cell\), got one for other: check the return wire/,
    ],
    [
      'of another shape',
      (of: MessageCell) => update(of, { c: delta([2], 1) }),
      /expected an update of c of shape \[1\], got \[2\]/,
    ],
    [
      'that is not finite',
      (of: MessageCell) => update(of, { c: delta([1], Number.NaN) }),
      /expected c to stay finite/,
    ],
  ] as const) {
    it(`refuses an update ${what}`, () =>
      withFlow(cell(), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        flow.send('cell', spoil(cellOf(before)))
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', inputs)
        should(numbers(await flow.next('out'), 'c')).eql(numbers(before, 'c'))
      }))
  }

  it('is not shaped by a bad first message', () =>
    withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
      flow.send('cell', {
        payload: [
          [1, 2, 'x'],
          [1, 2, 3],
        ],
        target: [1],
      })
      should((await flow.next('errors')).error?.message).match(
        /expected a finite number at step 1, feature 3/,
      )
      flow.send('cell', { payload: [[1, 2]], target: [1] })
      should(cellOf(await flow.next('out')).sizes.inputSize).equal(2)
    }))

  it('starts anew for a source that sends sequences of other sizes, and says so', () =>
    withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
      const batch = (inputSize: number, outputSize: number) => ({
        payload: [new Array(inputSize).fill(1)],
        target: new Array(outputSize).fill(1),
        sequence: { run: 'source.1', phase: 'train', inputSize, outputSize },
      })
      flow.send('cell', batch(2, 1))
      await flow.next('out')
      flow.send('cell', batch(6, 4))
      should(cellOf(await flow.next('out')).sizes).eql({
        inputSize: 6,
        hiddenSize: 3,
        outputSize: 4,
      })
      should(flow.warnings('cell')).have.length(1)
      flow.send('cell', { payload: [[1, 2]] })
      should(cellOf(await flow.next('out')).sizes.inputSize).equal(6)
    }))

  it('takes its sizes anew at a reset', () =>
    withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
      flow.send('cell', { payload: [[1, 2]], target: [1] })
      await flow.next('out')
      flow.send('cell', { payload: [[1, 2, 3]], target: [1, 2], reset: true })
      should(cellOf(await flow.next('out')).sizes).eql({
        inputSize: 3,
        hiddenSize: 3,
        outputSize: 2,
      })
    }))

  for (const [what, wrong] of [
    ['parameters that do not fit', { parameters: { W: [[1]] } }],
    ['a format it does not write', { export: 'hdf5' }],
  ] as const) {
    it(`keeps what it has learned when a reset comes with ${what}`, () =>
      withFlow(cell(), async (flow) => {
        flow.send('cell', { ...inputs, parameters: { c: [7] } })
        await flow.next('out')
        flow.send('cell', { reset: true, ...wrong })
        await flow.next('errors')
        flow.send('cell', inputs)
        should(numbers(await flow.next('out'), 'c')).eql([7])
      }))
  }

  it('asks for a value that is not where the dialog says', () =>
    withFlow(cell({ gain: 'RNN_NOT_THERE', gainType: 'env' }), async (flow) => {
      flow.send('cell', inputs)
      should((await flow.next('errors')).error?.message).match(
        /expected gain in env\.RNN_NOT_THERE, got nothing there/,
      )
    }))
})
