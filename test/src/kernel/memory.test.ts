/** The memory the kernels work in: how it grows, what it says when it may not. */
import should from 'should'
import { ExpectedError } from '../../../src/expected'
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
  it('is zero at first, keeps what lies in it when it grows, and views made before go on', () => {
    const memory = kernelMemory()
    memory.reserve(8 * 10)
    const view = new Float64Array(memory.memory.buffer, 0, 10)
    should([...view]).eql(Array(10).fill(0))
    view.fill(1.5)
    memory.reserve(100 * page)
    view[0] = 2.5
    should([...new Float64Array(memory.memory.buffer, 0, 2)]).eql([2.5, 1.5])
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
