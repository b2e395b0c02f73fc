/** θ ← θ + Δ */
import should from 'should'
import { applyUpdate, rnnCell, tensor, type Update } from '../../../src'
import { mapParameters } from '../../../src/rnn-cell/parameters'
import { throwsExpected } from '../../support/throws'

const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
const cell = rnnCell({ ...sizes, precision: 'float64', seed: 3 })
const deltas = mapParameters(cell.parameters, ({ shape, data }, name) =>
  tensor(
    'float64',
    shape,
    data.map((_, index) => (index + 1) / name.charCodeAt(0)),
  ),
)

describe('applyUpdate', () => {
  it('adds Δ to every parameter, number by number', () => {
    const { parameters } = applyUpdate(cell, { parameters: deltas })
    for (const name of Object.keys(deltas))
      should([...parameters[name].data]).eql(
        Array.from(cell.parameters[name].data, (value, index) => value + deltas[name].data[index]),
      )
  })

  it('changes neither the cell nor the update', () => {
    const before = JSON.stringify([cell, deltas])
    const after = applyUpdate(cell, { parameters: deltas })
    should(JSON.stringify([cell, deltas])).equal(before)
    should(after).not.equal(cell)
  })

  it('keeps the parameters for which there is no Δ', () => {
    const after = applyUpdate(cell, { parameters: { b: deltas.b } })
    should(after.parameters.W).equal(cell.parameters.W)
    should(after.parameters.b.data[0]).equal(cell.parameters.b.data[0] + deltas.b.data[0])
  })

  it('gives back the same cell for an empty update', () => {
    should(applyUpdate(cell, { parameters: {} })).equal(cell)
  })

  it('gives back the same cell for a skipped update', () => {
    const skipped = { parameters: {}, step: 3, learningRate: 0.1, skipped: true }
    should(applyUpdate(cell, skipped)).equal(cell)
  })

  it('refuses a Δ of another shape', () => {
    const V = tensor('float64', [2, 1])
    throwsExpected(
      () => applyUpdate(cell, { parameters: { V } }),
      'expected an update of V of shape [1, 2], got [2, 1]',
    )
  })

  it('refuses a parameter the cell does not have', () => {
    for (const name of ['R', 'toString', '__proto__']) {
      const parameters = Object.fromEntries([[name, tensor('float64', [1])]])
      throwsExpected(
        () => applyUpdate(cell, { parameters } as Update),
        `expected an update of W, U, b, V, c, got ${name} (an object)`,
      )
    }
  })

  it('refuses to make a parameter not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      throwsExpected(
        () => applyUpdate(cell, { parameters: { c: tensor('float64', [1], Float64Array.of(bad)) } }),
        'expected c to stay finite under the update, got a number that is not',
      )
  })

  it('refuses a sum that leaves float32, though Δ is in it', () => {
    const large = rnnCell({ ...sizes, parameters: { c: [3e38] } })
    const c = tensor('float32', [1], Float32Array.of(3e38))
    throwsExpected(() => applyUpdate(large, { parameters: { c } }), /expected c to stay finite/)
  })

  it('rounds the sum to float32 once', () => {
    const small = rnnCell({ ...sizes, parameters: { c: [1] } })
    const add = (delta: number) =>
      applyUpdate(small, { parameters: { c: tensor('float64', [1], Float64Array.of(delta)) } }).parameters.c
    should(add(0.1).dtype).equal('float32')
    should(add(0.1).data[0]).equal(1.100000023841858)
    should(add(2 ** -25).data[0]).equal(1)
    should(add(2 ** -24 + 2 ** -40).data[0]).equal(1 + 2 ** -23)
  })
})
