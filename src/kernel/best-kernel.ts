/** The kernel that a memory is worked on with. */
import type { Dtype } from '../tensor/tensor'
import type { Kernel } from './kernel'
import { plainKernel } from './plain/plain'
import { kernelOf } from './wasm'

export const bestKernel = (memory: WebAssembly.Memory, dtype: Dtype): Kernel => ({
  ...plainKernel(memory, dtype),
  ...kernelOf(memory, dtype),
})
