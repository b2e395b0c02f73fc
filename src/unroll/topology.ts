/**
 * The types of recurrent networks. A topology is a plan: how many steps for an input of so many, and at which
 * of them the state is read out. Everything downstream works with any set of readout times; the names are presets.
 */
export interface Plan {
  /** T */
  readonly steps: number
  /** the times t, from 1 to T, rising, at which o_t = V h_t + c is read; losses sit there */
  readonly readouts: readonly number[]
}

const topologies = {
  'many-to-one': (inputLength) => ({ steps: inputLength, readouts: [inputLength] }),
  'many-to-many': (inputLength) => ({
    steps: inputLength,
    readouts: Array.from({ length: inputLength }, (_, index) => index + 1),
  }),
} satisfies Record<string, (inputLength: number) => Plan>

export type Topology = keyof typeof topologies
export const topologyNames = Object.keys(topologies) as Topology[]

/** The plan of a topology for sequences of a given length. */
export const planOf = (topology: Topology, inputLength: number): Plan => topologies[topology](inputLength)

/** Whether the topology reads out once, so that predictions and targets have no axis of steps. */
export const readsOnce = (topology: Topology): boolean => topology === 'many-to-one'
