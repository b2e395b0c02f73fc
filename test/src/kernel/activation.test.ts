/** φ of the kernel against its formula, over the whole range of numbers. */
import fc from 'fast-check'
import should from 'should'
import { activationCodes, type Kernel } from '../../../src/kernel/kernel'
import { kernelOf } from '../../../src/kernel/wasm'
import type { Dtype } from '../../../src/tensor/tensor'
import { blocks } from '../../support/blocks'
import { drawn, kernelKinds } from '../../support/kernel-sides'

type Phi = keyof typeof activationCodes

const exact: Record<Phi, (a: number) => number> = {
  linear: (a) => a,
  tanh: Math.tanh,
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => (a < 0 ? Math.exp(a) / (1 + Math.exp(a)) : 1 / (1 + Math.exp(-a))),
}
const names = Object.keys(activationCodes) as Phi[]

/** Of every exponent that there is, both signs; and densely where φ bends. */
function sweep(dtype: Dtype): number[] {
  const least = dtype === 'float32' ? -149 : -1074
  const most = dtype === 'float32' ? 128 : 1024
  const numbers = [0]
  for (let exponent = least; exponent < most; exponent++)
    for (let part = 0; part < 40; part++) numbers.push(2 ** exponent * (1 + part / 40))
  for (const [index, value] of drawn(200_000, 1).entries())
    numbers.push(Math.abs(value) * (index % 4 ? 20 : 90))
  const held = numbers
    .map((value) => (dtype === 'float32' ? Math.fround(value) : value))
    .filter(Number.isFinite)
  return [...held, ...held.map((value) => -value)]
}

const memory = blocks()
function activated(kernel: Kernel, phi: Phi, values: readonly number[]): number[] {
  memory.reset()
  const x = memory.allocate(8 * values.length)
  memory.floats(x, values.length, kernel.dtype).set(values)
  kernel.activate(x, values.length, activationCodes[phi])
  return [...memory.floats(x, values.length, kernel.dtype)]
}

for (const [dtype, build] of kernelKinds) {
  const kernel = kernelOf(memory.memory, dtype, build)
  const most = dtype === 'float32' ? 3e-7 : 7e-16
  const leastNormal = dtype === 'float32' ? 2 ** -126 : 2 ** -1022

  describe(`activations (${dtype}, ${build})`, () => {
    for (const name of names) {
      it(`${name}: everywhere within ${most} of its value`, () => {
        const values = sweep(dtype)
        const got = activated(kernel, name, values)
        let worst = 0
        values.forEach((value, index) => {
          const right = exact[name](value)
          // a sigmoid that small may be 0; the others are there what they were given
          const isTiny = name === 'sigmoid' && right < 1.5 * leastNormal
          const error = Math.abs(got[index] - right)
          const relative = isTiny ? (error <= leastNormal ? 0 : 1) : error === 0 ? 0 : error / Math.abs(right)
          worst = Math.max(worst, relative)
        })
        should(worst).be.below(most)
      })

      it(`${name}: lets NaN through, and has its limits at infinity`, () => {
        const ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
        const got = activated(kernel, name, [Number.NaN, ...ends, Number.NaN, ...ends])
        should(got).eql([Number.NaN, ...ends.map(exact[name]), Number.NaN, ...ends.map(exact[name])])
      })

      it(`${name}: of any count, and nothing behind it is written`, () => {
        fc.assert(
          fc.property(fc.integer({ min: 0, max: 23 }), fc.nat(), (count, seed) => {
            memory.reset()
            const x = memory.allocate(8 * (count + 1))
            const values = memory.floats(x, count + 1, dtype)
            values.set(drawn(count + 1, seed))
            const right = [...values].map((value, index) => (index < count ? exact[name](value) : value))
            kernel.activate(x, count, activationCodes[name])
            right.forEach((value, index) => {
              should(values[index]).be.approximately(value, most)
            })
            should(values[count]).equal(right[count])
          }),
        )
      })
    }

    it('tanh keeps the sign of 0, and never leaves [-1, 1]', () => {
      const got = activated(kernel, 'tanh', [0, -0, ...sweep(dtype)])
      should(Object.is(got[0], 0) && Object.is(got[1], -0)).be.true()
      should(got.every((value) => Math.abs(value) <= 1)).be.true()
    })
  })
}
