/** The kernel is compiled before the first test if its sources have changed. */
import { buildKernel, kernelIsCurrent } from '../../scripts/kernel'

if (!kernelIsCurrent()) buildKernel()
