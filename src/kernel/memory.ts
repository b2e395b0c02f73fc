/** A shared WebAssembly memory that grows in steps. */
import { ExpectedError } from '../expected'

const pageBytes = 65536
/** Most that 32-bit pointers reach; less where a system does not set so many addresses aside. */
const maximaOfPages = [65536, 32768, 16384, 8192, 4096]

export interface KernelMemory {
  readonly memory: WebAssembly.Memory
  /** how large it is now */
  readonly bytes: number
  /** Makes it at least that large. Views stay valid, but do not see what is new. */
  reserve(bytes: number): void
}

/** @param mostPages of 64 KiB */
export function kernelMemory(mostPages = maximaOfPages[0]): KernelMemory {
  const { memory, maximum } = newMemory(
    maximaOfPages.filter((pages) => pages < mostPages),
    mostPages,
  )
  const reserve = (bytes: number) => {
    const present = memory.buffer.byteLength / pageBytes
    const needed = Math.ceil(bytes / pageBytes)
    if (needed <= present) return
    const wanted = Math.min(Math.max(needed, Math.ceil(1.5 * present)), maximum)
    if (needed > maximum || !(grew(memory, wanted - present) || grew(memory, needed - present)))
      throw new ExpectedError(
        `a computation that fits into ${maximum * pageBytes} bytes and into the memory of this machine: take fewer sequences or steps at a time`,
        `one of ${bytes} bytes`,
      )
  }
  return {
    memory,
    get bytes() {
      return memory.buffer.byteLength
    },
    reserve,
  }
}

/** With the largest maximum that the system grants. */
function newMemory(
  smaller: readonly number[],
  maximum: number,
): { memory: WebAssembly.Memory; maximum: number } {
  try {
    return { memory: new WebAssembly.Memory({ initial: 1, maximum, shared: true }), maximum }
  } catch (error) {
    const [next, ...rest] = smaller
    if (next === undefined) throw error
    return newMemory(rest, next)
  }
}

function grew(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages)
    return true
  } catch {
    return false
  }
}
