/**
 * The kernel in plain TypeScript: the readable definition of what the WebAssembly one does, which is held to it by tests,
 * and its substitute where there is no WebAssembly with SIMD.
 */
import type { Dtype } from '../../tensor/tensor'
import type { Kernel } from '../kernel'
import { plainBackward } from './backward'
import { plainForward } from './forward'
import { numbersIn } from './numbers'
import { plainProducts } from './products'
import { plainTerms, plainUpdates } from './sums'

export function plainKernel(memory: WebAssembly.Memory, dtype: Dtype): Kernel {
  const numbers = numbersIn(memory, dtype)
  return {
    dtype,
    ...plainProducts(numbers),
    ...plainForward(numbers),
    ...plainBackward(numbers),
    ...plainTerms(numbers),
    ...plainUpdates(numbers),
  }
}
