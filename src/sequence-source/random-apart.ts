/** Random numbers for what is made once: a series, a split, held-out sequences. */
import { type Random, random } from '../random/random'

/** Apart from the generator that batches are drawn from, so that neither disturbs the other. */
export const randomApart = (seed: number): Random => random(seed ^ 0x5eed)
