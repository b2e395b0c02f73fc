/**
 * The types of recurrent networks. A topology is a plan: how many steps, which of them take in what was given, and at
 * which of them the state is read out. Everything downstream works with any plan; the five names are presets.
 */

export interface Plan {
  /** steps 1 … inputSteps take in the inputs that were given; those after it are fed */
  readonly inputSteps: number
  /** T, all steps */
  readonly steps: number
  /** the times t, rising, at which o_t is read; losses sit there */
  readonly readouts: readonly number[]
}

interface Preset {
  /** only the first step takes something in, so that inputs have no axis of steps */
  readonly takesOnce: boolean
  /** only the last step is read, so that predictions and targets have no axis of steps */
  readonly readsOnce: boolean
  /** there are further steps, fed with zeros or with what was said before; their number is an option */
  readonly isFed: boolean
  readonly plan: (inputSteps: number, fedSteps: number) => Plan
}

/** Asked for at every step of a training, and mostly alike. */
const knownTimes = new Map<string, readonly number[]>()
const mostKnown = 64
const longestKnown = 10_000

function times(first: number, last: number): readonly number[] {
  const key = `${first} ${last}`
  const known = knownTimes.get(key)
  if (known) return known
  const made = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  if (made.length > longestKnown) return made
  if (knownTimes.size === mostKnown) knownTimes.clear()
  knownTimes.set(key, made)
  return made
}

const presets = {
  'one-to-one': {
    takesOnce: true,
    readsOnce: true,
    isFed: false,
    plan: () => ({ inputSteps: 1, steps: 1, readouts: [1] }),
  },
  'one-to-many': {
    takesOnce: true,
    readsOnce: false,
    isFed: true,
    plan: (_, fedSteps) => ({ inputSteps: 1, steps: fedSteps, readouts: times(1, fedSteps) }),
  },
  'many-to-one': {
    takesOnce: false,
    readsOnce: true,
    isFed: false,
    plan: (steps) => ({ inputSteps: steps, steps, readouts: [steps] }),
  },
  'many-to-many': {
    takesOnce: false,
    readsOnce: false,
    isFed: false,
    plan: (steps) => ({ inputSteps: steps, steps, readouts: times(1, steps) }),
  },
  'encoder-decoder': {
    takesOnce: false,
    readsOnce: false,
    isFed: true,
    plan: (inputSteps, fedSteps) => ({
      inputSteps,
      steps: inputSteps + fedSteps,
      readouts: times(inputSteps + 1, inputSteps + fedSteps),
    }),
  },
} satisfies Record<string, Preset>

export type Topology = keyof typeof presets
export const topologyNames = Object.keys(presets) as Topology[]

/**
 * The plan of a topology.
 *
 * @param inputSteps steps of the inputs
 * @param steps one-to-many: all steps; encoder-decoder: the decoder's
 */
export const planOf = (topology: Topology, inputSteps: number, steps: number): Plan =>
  presets[topology].plan(inputSteps, steps)

export const takesOnce = (topology: Topology): boolean => presets[topology].takesOnce
export const readsOnce = (topology: Topology): boolean => presets[topology].readsOnce
export const isFed = (topology: Topology): boolean => presets[topology].isFed
