/** The memory the kernels work in: where blocks lie, how it grows, what it says when it may not. */
import fc from 'fast-check'
import should from 'should'
import { ExpectedError } from '../../../src/expected'
import { firstFreeByte } from '../../../src/kernel/kernel'
import { kernelMemory } from '../../../src/kernel/memory'

const page = 65536

/** Runs with a WebAssembly.Memory that refuses what `refuses` says. */
function withRefusals(refuses: (pages: number) => boolean, run: () => void): void {
  const granted = WebAssembly.Memory
  WebAssembly.Memory = class extends granted {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      if (refuses(descriptor.maximum ?? 0)) throw new RangeError('could not allocate memory')
      super(descriptor)
    }
  }
  try {
    run()
  } finally {
    WebAssembly.Memory = granted
  }
}

describe('kernelMemory', () => {
  it('gives blocks at multiples of 64 that do not overlap, past the bytes of the kernel', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 * page }), { maxLength: 20 }), (sizes) => {
        const memory = kernelMemory(4096)
        let end = firstFreeByte
        for (const bytes of sizes) {
          const pointer = memory.allocate(bytes)
          should(pointer % 64).equal(0)
          should(pointer).be.aboveOrEqual(end)
          end = pointer + bytes
          should(memory.bytes).be.aboveOrEqual(end)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('is zero at first, keeps what lies in it when it grows, and views made before go on', () => {
    const memory = kernelMemory()
    const pointer = memory.allocate(80)
    const view = memory.floats(pointer, 10, 'float64')
    should([...view]).eql(Array(10).fill(0))
    view.fill(1.5)
    memory.reserve(100 * page)
    view[0] = 2.5
    should(memory.floats(pointer, 2, 'float64')).eql(Float64Array.of(2.5, 1.5))
    should(memory.floats(pointer, 2, 'float32')).eql(Float32Array.of(0, 2.0625))
    should(memory.memory.buffer).be.instanceof(SharedArrayBuffer)
  })

  it('grows by half at least, and not at all while there is room', () => {
    const memory = kernelMemory()
    memory.reserve(10 * page)
    should(memory.bytes).equal(10 * page)
    memory.reserve(10 * page)
    should(memory.bytes).equal(10 * page)
    memory.reserve(10 * page + 1)
    should(memory.bytes).equal(15 * page)
    memory.reserve(40 * page)
    should(memory.bytes).equal(40 * page)
  })

  it('gives the same places again after a reset', () => {
    const memory = kernelMemory()
    const first = memory.allocate(100)
    should(memory.allocate(100)).not.equal(first)
    memory.reset()
    should(memory.allocate(100)).equal(first)
  })

  it('grows up to its limit, and past it says how much was asked for', () => {
    const memory = kernelMemory(10)
    memory.reserve(8 * page)
    memory.reserve(9 * page)
    should(memory.bytes).equal(10 * page)
    memory.reserve(10 * page)
    should(() => memory.reserve(10 * page + 1)).throw(ExpectedError, {
      message: /fits into 655360 bytes.*, got one of 655361 bytes$/,
    })
    should(memory.bytes).equal(10 * page)
  })

  it('takes a smaller limit where the system does not grant the largest', () => {
    const asked: number[] = []
    withRefusals(
      (pages) => asked.push(pages) < 4,
      () => {
        const memory = kernelMemory()
        should(asked).eql([65536, 32768, 16384, 8192])
        should(() => memory.reserve(8192 * page + 1)).throw(/fits into 536870912 bytes/)
      },
    )
    withRefusals(
      () => true,
      () => should(() => kernelMemory()).throw(RangeError),
    )
  })
})
