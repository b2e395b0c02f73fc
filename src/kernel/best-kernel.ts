/** The kernel that a memory is worked on with: WebAssembly, or plain TypeScript on a machine without SIMD. */
import type { Dtype } from '../tensor/tensor'
import type { Kernel } from './kernel'
import { plainKernel } from './plain/plain'
import { bestBuild, type KernelBuild, kernelOf } from './wasm'

let best: KernelBuild | 'none' | undefined

export function bestKernel(memory: WebAssembly.Memory, dtype: Dtype): Kernel {
  best ??= bestBuild() ?? 'none'
  return best === 'none' ? plainKernel(memory, dtype) : kernelOf(memory, dtype, best)
}
