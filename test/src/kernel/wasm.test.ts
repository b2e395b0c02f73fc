/** Which build is taken, and what an instance does to the memory it works in. */
import should from 'should'
import { bestKernel } from '../../../src/kernel/best-kernel'
import { firstFreeByte } from '../../../src/kernel/kernel'
import { kernelMemory } from '../../../src/kernel/memory'
import { plainKernel } from '../../../src/kernel/plain/plain'
import { bestBuild, type KernelBuild, kernelOf } from '../../../src/kernel/wasm'
import { blocks } from '../../support/blocks'
import { kernelKinds } from '../../support/kernel-sides'

/** Runs with a WebAssembly that takes only the first `count` modules it is asked about for wrong. */
function withoutSupport(count: number, run: () => void): void {
  const { validate } = WebAssembly
  let asked = 0
  WebAssembly.validate = (bytes) => asked++ >= count && validate(bytes)
  try {
    run()
  } finally {
    WebAssembly.validate = validate
  }
}

describe('kernelOf', () => {
  for (const [dtype, build] of kernelKinds) {
    it(`has every function of the plain kernel (${dtype}, ${build})`, () => {
      const { memory } = kernelMemory()
      const kernel = kernelOf(memory, dtype, build)
      should(Object.keys(kernel).sort()).eql(Object.keys(plainKernel(memory, dtype)).sort())
      should(kernel.dtype).equal(dtype)
    })

    it(`writes its constants below the first free byte, the same ones each time (${dtype}, ${build})`, () => {
      const { memory } = kernelMemory()
      const all = new Uint8Array(memory.buffer)
      all.fill(7, firstFreeByte)
      kernelOf(memory, dtype, build)
      should(all.subarray(firstFreeByte).every((byte) => byte === 7)).be.true()
      const before = all.slice()
      should(before.subarray(0, firstFreeByte).some((byte) => byte !== 0)).be.true()
      kernelOf(structuredClone(memory), dtype, build)
      should(all.slice()).eql(before)
    })
  }

  it('is made once for a memory, a dtype and a build', () => {
    const { memory } = kernelMemory()
    const kernel = kernelOf(memory, 'float32', 'plain')
    should(kernelOf(memory, 'float32', 'plain')).equal(kernel)
    should(bestKernel(memory, 'float32')).equal(kernelOf(memory, 'float32', bestBuild() as KernelBuild))
    should(kernelOf(memory, 'float64', 'plain')).not.equal(kernel)
    should(kernelOf(kernelMemory().memory, 'float32', 'plain')).not.equal(kernel)
  })

  it('multiplies and adds with one rounding where the machine can, and with two otherwise', () => {
    const memory = blocks()
    const numbers = memory.floats(memory.allocate(48), 12, 'float32')
    const near = 1 + 2 ** -12
    const product = (build: 'relaxed' | 'plain') => {
      numbers.fill(0)
      numbers.set([1, near], 0)
      numbers.set([-(1 + 2 ** -11), near], 4)
      const at = numbers.byteOffset
      kernelOf(memory.memory, 'float32', build).productNN(at + 32, 1, at, 2, at + 16, 1, 1, 1, 2, 0, scratch)
      return numbers[8]
    }
    const scratch = memory.allocate(4096)
    should(product('plain')).equal(0)
    // a processor without the instruction rounds twice
    should(product('relaxed')).be.equalOneOf(2 ** -24, 0)
  })

  it('is the plain build without relaxed SIMD, and none where there is no SIMD at all', () => {
    should(bestBuild()).equal('relaxed')
    withoutSupport(1, () => should(bestBuild()).equal('plain'))
    withoutSupport(2, () => should(bestBuild()).equal(undefined))
  })
})
