/**
 * Quantiles of a stream in constant memory: the P² algorithm for histograms (Jain & Chlamtac 1985, CACM 28:10). Nine
 * markers stand at the smallest value, the eighths and the largest; each knows how many values lie up to it, and moves
 * along a parabola through its neighbours when it is not where it should be.
 *
 * State: up to nine values by size; from then on nine heights q and nine positions n of the markers.
 */
const cells = 8
const markers = cells + 1

/** One more value. */
export function followQuantiles(state: number[], value: number): void {
  if (state.length < markers) begin(state, value)
  else follow(state, value)
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
  if (state.length === markers) for (let position = 1; position <= markers; position++) state.push(position)
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
  if (state.length === 2 * markers) return state[2 * which]
  if (state.length === 0) return 0
  const place = ((state.length - 1) * which) / 4
  const low = Math.floor(place)
  const high = Math.min(low + 1, state.length - 1)
  return state[low] + (place - low) * (state[high] - state[low])
}
