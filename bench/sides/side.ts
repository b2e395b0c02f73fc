/** What the benchmark asks of a side, and what it is told. */
import type { Case } from '../cases'
import type { Problem } from '../problem'

export interface Gradients {
  readonly loss: number
  /** by our names, in our shapes */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>
}

export interface Side {
  readonly name: string
  plays(of: Case): boolean
  /** the activation of a vanilla cell, where it cannot be tanh */
  readonly activation?: 'relu'
  /** parameters whose gradients are compared; default: all */
  readonly compared?: readonly string[]
  /** why what is measured is not the same work, if it is not: then it is shown, and counts for nothing */
  differs?(of: Case): string | undefined
  setUp(problem: Problem): Promise<void>
  /** at the weights of the problem, before any step */
  lossAndGradients(): Promise<Gradients>
  /** @returns milliseconds that so many training steps took */
  run(steps: number): Promise<number>
  /** after a case; another may follow */
  tearDown(): Promise<void>
  /** after the last one */
  close?(): void | Promise<void>
}

/** For a side whose step is a plain call. */
export function timed(step: () => void): (steps: number) => Promise<number> {
  return async (steps) => {
    const before = performance.now()
    for (let count = 0; count < steps; count++) step()
    return performance.now() - before
  }
}
