/** rnn-cell: sizes, parameters in and out, and keeping them. */
import should from 'should'
import type { MessageCell } from '../../nodes/common/message'
import { decodeSafetensors, rnnCell, saveModel } from '../../src'
import { type FlowNode, sink, withFlow } from '../support/flow'

const cell = (settings: object = {}): FlowNode[] => [
  {
    id: 'cell',
    type: 'rnn-cell',
    hiddenSize: '3',
    inputSize: '2',
    outputSize: '1',
    wires: [['out'], ['updated'], ['model']],
    ...settings,
  },
  sink('out'),
  sink('updated'),
  sink('model'),
]
const inputs = {
  payload: [
    [1, 2],
    [3, 4],
  ],
}
const numbers = (msg: { cell?: unknown }, name: string): number[] => {
  const { data, dtype } = (msg.cell as MessageCell).parameters[name]
  const bytes = new Uint8Array(data).buffer
  return [...(dtype === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes))]
}

describe('rnn-cell', () => {
  it('takes input and output size from the first sequence', () =>
    withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
      flow.send('cell', { payload: [[1, 2, 3, 4]], target: [1, 2] })
      should(((await flow.next('out')).cell as MessageCell).sizes).eql({
        inputSize: 4,
        hiddenSize: 3,
        outputSize: 2,
      })
    }))

  it('says what to do when there is no size and nothing to take it from', () =>
    withFlow(cell({ outputSize: '' }), async (flow) => {
      flow.send('cell', inputs)
      should((await flow.next('errors')).error?.message).match(
        /expected an output size, in the dialog or from a first sequence with a target/,
      )
    }))

  for (const [option, value, changed] of [
    ['seed', '2', true],
    ['gain', '2.5', true],
    ['initializer', 'orthogonal', true],
    ['precision', 'float64', true],
    ['name', 'other', false],
  ] as const) {
    it(`${changed ? 'starts with other parameters' : 'starts with the same parameters'} for another ${option}`, async () => {
      const starts: number[][] = []
      for (const settings of [{}, { [option]: value }])
        await withFlow(cell(settings), async (flow) => {
          flow.send('cell', inputs)
          starts.push(numbers(await flow.next('out'), 'W'))
        })
      if (changed) should(starts[1]).not.eql(starts[0])
      else should(starts[1]).eql(starts[0])
    })
  }

  it('hands the activation on', () =>
    withFlow(cell({ activation: 'relu' }), async (flow) => {
      flow.send('cell', inputs)
      should(((await flow.next('out')).cell as MessageCell).activation).equal('relu')
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

  it('installs parameters from a message, takes sizes from them, and sends nothing', () =>
    withFlow(cell({ inputSize: '', outputSize: '', hiddenSize: '2' }), async (flow) => {
      flow.send('cell', {
        parameters: {
          W: [
            [1, 0],
            [0, 1],
          ],
          U: [
            [1, 2, 3],
            [4, 5, 6],
          ],
          b: [0, 0],
          V: [[1, 1]],
          c: [0],
        },
      })
      await flow.settled()
      should(flow.taken('out')).eql([])
      flow.send('cell', { payload: [[1, 2, 3]] })
      const msg = await flow.next('out')
      should(numbers(msg, 'U')).eql([1, 2, 3, 4, 5, 6])
    }))

  for (const [what, parameters, says] of [
    ['another shape', { W: [[1]] }, /expected W of shape \[3, 3\], got \[1, 1\]/],
    ['a name it does not have', { Z: [[1]] }, /expected a parameter to be one of W, U, b, V, c/],
    ['NaN', { b: [1, Number.NaN, 3] }, /expected a finite number/],
    ['garbage for a file', Buffer.from('not a model'), /expected a safetensors file/],
  ] as const) {
    it(`refuses parameters with ${what}, and keeps its own`, () =>
      withFlow(cell(), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        flow.send('cell', { parameters })
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', inputs)
        const after = await flow.next('out')
        should(numbers(after, 'W')).eql(numbers(before, 'W'))
        should((after.cell as MessageCell).version).equal((before.cell as MessageCell).version)
      }))
  }

  for (const format of ['safetensors', 'json'] as const) {
    it(`gives the model away as ${format} and takes it back`, () =>
      withFlow(cell({ name: 'porch' }), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        flow.send('cell', { export: format })
        const { payload, filename } = await flow.next('model')
        should(filename).equal(`porch.${format}`)
        if (format === 'safetensors')
          should([...decodeSafetensors(payload as Buffer).tensors.keys()]).containDeep([
            'weight_hh_l0',
            'weight_ih_l0',
          ])
        flow.send('cell', {
          reset: true,
          parameters: {
            W: [
              [0, 0, 0],
              [0, 0, 0],
              [0, 0, 0],
            ],
          },
        })
        flow.send('cell', { ...inputs, parameters: payload })
        const after = await flow.next('out')
        for (const name of ['W', 'U', 'b', 'V', 'c']) should(numbers(after, name)).eql(numbers(before, name))
      }))
  }

  it('refuses a format it does not write', () =>
    withFlow(cell(), async (flow) => {
      flow.send('cell', inputs)
      await flow.next('out')
      flow.send('cell', { export: 'hdf5' })
      should((await flow.next('errors')).error?.message).match(
        /expected msg\.export to be one of safetensors, json/,
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
      flow.send('cell', update(before.cell as MessageCell, { c: delta([1], 1) }))
      const { cell: after, update: gone, payload } = await flow.next('updated')
      should(after?.version).equal(((before.cell as MessageCell).version as number) + 1)
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
        flow.send('cell', spoil(before.cell as MessageCell))
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', inputs)
        should(numbers(await flow.next('out'), 'c')).eql(numbers(before, 'c'))
      }))
  }

  describe('kept in flow context', () => {
    const trained = {
      W: [
        [9, 0, 0],
        [0, 9, 0],
        [0, 0, 9],
      ],
    }
    const redeployed = async (
      before: object,
      after: object,
      check: (W: number[], warnings: string[]) => void,
    ) =>
      withFlow(cell(before), async (flow) => {
        flow.send('cell', { ...inputs, parameters: trained })
        await flow.next('out')
        await flow.deploy(cell(after), 'nodes')
        flow.send('cell', inputs)
        check(numbers(await flow.next('out'), 'W'), flow.warnings('cell'))
      })

    it('parameters outlive a redeploy of the node', () =>
      redeployed({}, { name: 'renamed' }, (W) => should(W[0]).equal(9)))

    it('other sizes start anew, and say so', () =>
      redeployed({}, { hiddenSize: '2' }, (W, warnings) => {
        should(W).have.length(4)
        should(W[0]).not.equal(9)
        should(warnings).have.length(1)
      }))

    it('another seed starts anew, and says so', () =>
      redeployed({}, { seed: '5' }, (W, warnings) => {
        should(W[0]).not.equal(9)
        should(warnings).have.length(1)
      }))
  })

  it('has a file of PyTorch names that a cell made in a script can have too', () =>
    withFlow(cell(), async (flow) => {
      const made = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, seed: 99 })
      flow.send('cell', { ...inputs, parameters: saveModel(made, 'safetensors') })
      should(numbers(await flow.next('out'), 'W')).eql([...made.parameters.W.data])
    }))

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
      should(((await flow.next('out')).cell as MessageCell).sizes.inputSize).equal(2)
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
      should(((await flow.next('out')).cell as MessageCell).sizes).eql({
        inputSize: 6,
        hiddenSize: 3,
        outputSize: 4,
      })
      should(flow.warnings('cell')).have.length(1)
      flow.send('cell', { payload: [[1, 2]] })
      should(((await flow.next('out')).cell as MessageCell).sizes.inputSize).equal(6)
    }))

  it('takes its sizes anew at a reset', () =>
    withFlow(cell({ inputSize: '', outputSize: '' }), async (flow) => {
      flow.send('cell', { payload: [[1, 2]], target: [1] })
      await flow.next('out')
      flow.send('cell', { payload: [[1, 2, 3]], target: [1, 2], reset: true })
      should(((await flow.next('out')).cell as MessageCell).sizes).eql({
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

  it('refuses a model of another activation', () =>
    withFlow(cell(), async (flow) => {
      const relu = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, activation: 'relu' })
      for (const format of ['safetensors', 'json'] as const) {
        flow.send('cell', { parameters: saveModel(relu, format) })
        should((await flow.next('errors')).error?.message).match(
          /expected a model whose activation is tanh.*got one with relu/,
        )
      }
    }))

  it('asks for a value that is not where the dialog says', () =>
    withFlow(cell({ gain: 'RNN_NOT_THERE', gainType: 'env' }), async (flow) => {
      flow.send('cell', inputs)
      should((await flow.next('errors')).error?.message).match(
        /expected gain in env\.RNN_NOT_THERE, got nothing there/,
      )
    }))
})
