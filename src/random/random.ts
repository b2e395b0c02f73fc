/**
 * Seeded random numbers. The generator is xoroshiro128+ of the library pure-rand; this file adds what the
 * palette draws from it, and a state that is four plain integers.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

export interface Random {
  /** Uniform in [low, high). */
  uniform(low?: number, high?: number): number
  /** Uniform whole number from low to high, both included. */
  integer(low: number, high: number): number
  /** Normal with mean 0 and standard deviation 1 (Box & Muller 1958). */
  normal(): number
  /** The whole numbers 0 … count-1 in random order (Fisher & Yates). */
  permutation(count: number): number[]
  /** Four integers from which `random` continues bit for bit. */
  state(): number[]
}

/** Numbers thrown away after seeding: the first ones are nearly the same for all small seeds. */
const warmUp = 64

/** @param seedOrState a whole number, or what an earlier generator's `state()` returned */
export function random(seedOrState: number | readonly number[]): Random {
  const generator =
    typeof seedOrState === 'number' ? xoroshiro128plus(seedOrState) : xoroshiro128plusFromState(seedOrState)
  const unit = () => uniformFloat64(generator)
  if (typeof seedOrState === 'number') for (let count = 0; count < warmUp; count++) generator.next()
  const integer = (low: number, high: number) => uniformInt(generator, low, high)
  return {
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    permutation(count) {
      const order = Array.from({ length: count }, (_, index) => index)
      for (let last = count - 1; last > 0; last--) {
        const other = integer(0, last)
        const kept = order[last]
        order[last] = order[other]
        order[other] = kept
      }
      return order
    },
    state: () => [...generator.getState()],
  }
}
