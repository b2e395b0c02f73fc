/** The kernel that a memory is worked on with: WebAssembly, or plain TypeScript on a machine without SIMD. */
import type { Dtype } from '../tensor/tensor'
import type { Kernel } from './kernel'
import { plainKernel } from './plain/plain'
import { bestBuild, kernelOf } from './wasm'

export function bestKernel(memory: WebAssembly.Memory, dtype: Dtype): Kernel {
  const build = bestBuild()
  return build ? kernelOf(memory, dtype, build) : plainKernel(memory, dtype)
}
