/**
 * Quantiles of a stream in constant memory: the P² algorithm for histograms (Jain & Chlamtac 1985, CACM 28:10). Nine
 * markers stand at the smallest value, the eighths and the largest; each knows how many values lie up to it, and moves
 * along a parabola through its neighbours when it is not where it should be.
 *
 * A quartile is the value seen that is nearest to its marker: of readings in whole degrees, or of 0 and 1, many are the
 * same, and markers that creep between them would make a spread out of nothing.
 *
 * State: up to nine values by size; from then on nine heights q and nine positions n of the markers, and three values, one
 * near each quartile.
 */
const cells = 8
const markers = cells + 1
/** behind it stand the values near the quartiles */
const near = 2 * markers - 1
const quartiles = [1, 2, 3] as const

/** One more value. */
export function followQuantiles(state: number[], value: number): void {
  if (state.length < markers) {
    begin(state, value)
    return
  }
  // what an earlier version has kept has no values near the quartiles
  if (state.length === 2 * markers) state.push(state[2], state[4], state[6])
  follow(state, value)
  for (const which of quartiles) {
    const height = state[2 * which]
    if (Math.abs(value - height) <= Math.abs(state[near + which] - height)) state[near + which] = value
  }
}

function follow(state: number[], value: number): void {
  const n = markers
  state[0] = Math.min(state[0], value)
  state[cells] = Math.max(state[cells], value)
  for (let marker = 1; marker < cells; marker++) if (value < state[marker]) state[n + marker] += 1
  state[n + cells] += 1
  const most = state[n + cells]
  for (let marker = 1; marker < cells; marker++) {
    const position = state[n + marker]
    const off = 1 + (marker * (most - 1)) / cells - position
    if (off >= 1 && state[n + marker + 1] > position + 1) move(state, marker, 1)
    else if (off <= -1 && state[n + marker - 1] < position - 1) move(state, marker, -1)
  }
}

function begin(state: number[], value: number): void {
  let place = state.length
  while (place > 0 && state[place - 1] > value) place--
  state.splice(place, 0, value)
  if (state.length < markers) return
  for (let position = 1; position <= markers; position++) state.push(position)
  for (const which of quartiles) state.push(state[2 * which])
}

/** A marker by one position: along the parabola, or straight where that would overtake a neighbour. */
function move(state: number[], marker: number, by: 1 | -1): void {
  const [low, height, high] = [state[marker - 1], state[marker], state[marker + 1]]
  const n = markers + marker
  const [before, after] = [state[n] - state[n - 1], state[n + 1] - state[n]]
  const [fall, rise] = [(height - low) / before, (high - height) / after]
  const along = height + (by / (before + after)) * ((before + by) * rise + (after - by) * fall)
  state[marker] = low < along && along < high ? along : height + (by === 1 ? rise : -fall)
  state[n] += by
}

/** The first, second or third; of fewer than nine values what numpy's quantile says of them; 0 of none. */
export function quartile(state: readonly number[], which: 1 | 2 | 3): number {
  if (state.length > markers) return state[near + which] ?? state[2 * which]
  if (state.length === 0) return 0
  const place = ((state.length - 1) * which) / 4
  const low = Math.floor(place)
  const high = Math.min(low + 1, state.length - 1)
  return state[low] + (place - low) * (state[high] - state[low])
}
