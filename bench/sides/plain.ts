/**
 * Plain JavaScript, written straight from the formulas over Float32Arrays that are made once: what a careful person
 * writes without WebAssembly. Time-major; one product for the inputs of all steps, one for the weight gradients of all
 * steps; every product is a·bᵀ, two rows and four columns at a time.
 */
import { gates, learningRate, type Problem, threshold } from '../problem'
import { type Side, timed } from './side'

/** out[m, n] += a[m, k] · b[n, k]ᵀ; out and a start at the given places */
function addProduct(
  out: Float32Array,
  outAt: number,
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  m: number,
  n: number,
  k: number,
): void {
  const pairs = m - (m % 2)
  const fours = n - (n % 4)
  for (let row = 0; row < pairs; row += 2)
    for (let column = 0; column < fours; column += 4)
      addBlock(out, outAt + row * n + column, n, a, aAt + row * k, b, column * k, k)
  if (pairs < m)
    for (let column = 0; column < fours; column += 4)
      addFour(out, outAt + pairs * n + column, a, aAt + pairs * k, b, column * k, k)
  for (let row = 0; row < m; row++)
    for (let column = fours; column < n; column++) {
      let sum = 0
      for (let index = 0; index < k; index++) sum += a[aAt + row * k + index] * b[column * k + index]
      out[outAt + row * n + column] += sum
    }
}

/** Two rows of a, four of b. */
function addBlock(
  out: Float32Array,
  first: number,
  n: number,
  a: Float32Array,
  a0: number,
  b: Float32Array,
  b0: number,
  k: number,
): void {
  const second = first + n
  const a1 = a0 + k
  const b1 = b0 + k
  const b2 = b1 + k
  const b3 = b2 + k
  let s00 = 0
  let s01 = 0
  let s02 = 0
  let s03 = 0
  let s10 = 0
  let s11 = 0
  let s12 = 0
  let s13 = 0
  for (let index = 0; index < k; index++) {
    const x0 = a[a0 + index]
    const x1 = a[a1 + index]
    const y0 = b[b0 + index]
    const y1 = b[b1 + index]
    const y2 = b[b2 + index]
    const y3 = b[b3 + index]
    s00 += x0 * y0
    s01 += x0 * y1
    s02 += x0 * y2
    s03 += x0 * y3
    s10 += x1 * y0
    s11 += x1 * y1
    s12 += x1 * y2
    s13 += x1 * y3
  }
  out[first] += s00
  out[first + 1] += s01
  out[first + 2] += s02
  out[first + 3] += s03
  out[second] += s10
  out[second + 1] += s11
  out[second + 2] += s12
  out[second + 3] += s13
}

/** One row of a, four of b. */
function addFour(
  out: Float32Array,
  first: number,
  a: Float32Array,
  a0: number,
  b: Float32Array,
  b0: number,
  k: number,
): void {
  const b1 = b0 + k
  const b2 = b1 + k
  const b3 = b2 + k
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let index = 0; index < k; index++) {
    const x = a[a0 + index]
    s0 += x * b[b0 + index]
    s1 += x * b[b1 + index]
    s2 += x * b[b2 + index]
    s3 += x * b[b3 + index]
  }
  out[first] += s0
  out[first + 1] += s1
  out[first + 2] += s2
  out[first + 3] += s3
}

/** out[n, m] = a[m, n]ᵀ */
function transpose(out: Float32Array, a: Float32Array, m: number, n: number): void {
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) out[column * m + row] = a[row * n + column]
}

function fillRows(out: Float32Array, bias: Float32Array): void {
  for (let at = 0; at < out.length; at += bias.length) out.set(bias, at)
}

function sumRows(out: Float32Array, a: Float32Array): void {
  const sums = new Float64Array(out.length)
  for (let at = 0; at < a.length; at += sums.length)
    for (let column = 0; column < sums.length; column++) sums[column] += a[at + column]
  out.set(sums)
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

type Arrays = Record<string, Float32Array>

/** One network with all that a training step needs. */
class PlainNetwork {
  readonly parameters: Arrays
  readonly gradients: Arrays
  private readonly first: Arrays
  private readonly second: Arrays
  private readonly buffers: Arrays
  private updates = 0

  constructor(private readonly problem: Problem) {
    const { hidden, batch, steps, features, type } = problem.of
    const like = () =>
      Object.fromEntries(problem.parameters.map(({ name, data }) => [name, new Float32Array(data.length)]))
    this.parameters = Object.fromEntries(problem.parameters.map(({ name, data }) => [name, data.slice()]))
    this.gradients = like()
    this.first = like()
    this.second = like()
    const rows = steps * batch
    const width = gates[type] * hidden
    const sizes: Record<string, number> = {
      // h_0 … h_T, and of an LSTM c_0 … c_T
      hidden: (rows + batch) * hidden,
      cellState: type === 'lstm' ? (rows + batch) * hidden : 0,
      squashed: type === 'lstm' ? rows * hidden : 0,
      // U x + b, then the gates
      gates: rows * width,
      // of a GRU W_n h + bn, and W h of one step
      inner: type === 'gru' ? rows * hidden : 0,
      recurrent: type === 'gru' ? batch * width : 0,
      outputs: rows * features,
      slope: rows * features,
      external: rows * hidden,
      carried: batch * hidden,
      carriedCell: batch * hidden,
      delta: rows * width,
      recurrentDelta: type === 'gru' ? rows * width : 0,
      deltaT: rows * width,
      slopeT: rows * features,
      hiddenT: rows * hidden,
      afterT: rows * hidden,
      inputsT: rows * features,
      WT: width * hidden,
      VT: features * hidden,
    }
    this.buffers = Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => [name, new Float32Array(size)]),
    )
    transpose(this.buffers.inputsT, problem.inputs, rows, features)
  }

  forward(): number {
    const { type, hidden, batch, steps, features } = this.problem.of
    const { inputs, targets } = this.problem
    const { U, b, V, c } = this.parameters
    const { gates: a, hidden: h, outputs, slope } = this.buffers
    const rows = steps * batch
    fillRows(a, b)
    addProduct(a, 0, inputs, 0, U, rows, gates[type] * hidden, features)
    for (let t = 0; t < steps; t++) this.stepForward[type](t)
    fillRows(outputs, c)
    addProduct(outputs, 0, h, batch * hidden, V, rows, features, hidden)
    let sum = 0
    for (let index = 0; index < outputs.length; index++) {
      const error = outputs[index] - targets[index]
      sum += error * error
      slope[index] = (2 / outputs.length) * error
    }
    return sum / outputs.length
  }

  backward(): void {
    const { type, hidden, batch, steps, features } = this.problem.of
    const { W, V } = this.parameters
    const { carried, carriedCell, external, slope, delta, recurrentDelta, deltaT, hiddenT } = this.buffers
    const { hidden: h, WT, VT, slopeT, afterT, inputsT } = this.buffers
    const rows = steps * batch
    const width = gates[type] * hidden
    transpose(WT, W, width, hidden)
    transpose(VT, V, features, hidden)
    external.fill(0)
    addProduct(external, 0, slope, 0, VT, rows, hidden, features)
    carried.fill(0)
    carriedCell.fill(0)
    for (let t = steps - 1; t >= 0; t--) this.stepBackward[type](t)

    for (const gradient of Object.values(this.gradients)) gradient.fill(0)
    const { W: dW, U: dU, b: db, bn: dbn, V: dV, c: dc } = this.gradients
    transpose(hiddenT, h.subarray(0, rows * hidden), rows, hidden)
    transpose(afterT, h.subarray(batch * hidden), rows, hidden)
    transpose(slopeT, slope, rows, features)
    transpose(deltaT, delta, rows, width)
    addProduct(dU, 0, deltaT, 0, inputsT, width, features, rows)
    sumRows(db, delta)
    if (type === 'gru') {
      transpose(deltaT, recurrentDelta, rows, width)
      const sums = new Float32Array(width)
      sumRows(sums, recurrentDelta)
      dbn.set(sums.subarray(2 * hidden))
    }
    addProduct(dW, 0, deltaT, 0, hiddenT, width, hidden, rows)
    addProduct(dV, 0, slopeT, 0, afterT, features, hidden, rows)
    sumRows(dc, slope)
  }

  /** The global norm clipped, then Adam. */
  update(): void {
    this.updates += 1
    let squares = 0
    for (const gradient of Object.values(this.gradients))
      for (let index = 0; index < gradient.length; index++) squares += gradient[index] * gradient[index]
    const scale = Math.min(1, threshold / Math.sqrt(squares))
    const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]
    const rate = learningRate / (1 - beta1 ** this.updates)
    const correction = 1 / (1 - beta2 ** this.updates)
    for (const name of Object.keys(this.gradients)) {
      const [gradient, parameter] = [this.gradients[name], this.parameters[name]]
      const [first, second] = [this.first[name], this.second[name]]
      for (let index = 0; index < gradient.length; index++) {
        const slope = gradient[index] * scale
        first[index] = beta1 * first[index] + (1 - beta1) * slope
        second[index] = beta2 * second[index] + (1 - beta2) * slope * slope
        parameter[index] -= (rate * first[index]) / (Math.sqrt(second[index] * correction) + epsilon)
      }
    }
  }

  private readonly stepForward = {
    /** h = tanh(W h + a) */
    rnn: (t: number) => {
      const { hidden, batch } = this.problem.of
      const { gates: a, hidden: h } = this.buffers
      const size = batch * hidden
      addProduct(a, t * size, h, t * size, this.parameters.W, batch, hidden, hidden)
      for (let index = t * size; index < (t + 1) * size; index++) h[index + size] = Math.tanh(a[index])
    },
    /** c = f ∘ c + i ∘ g, h = o ∘ tanh(c), gates i f g o side by side */
    lstm: (t: number) => {
      const { hidden, batch } = this.problem.of
      const { gates: a, hidden: h, cellState, squashed } = this.buffers
      const size = batch * hidden
      addProduct(a, t * 4 * size, h, t * size, this.parameters.W, batch, 4 * hidden, hidden)
      for (let row = t * batch; row < (t + 1) * batch; row++) {
        const gate = row * 4 * hidden
        for (let unit = 0; unit < hidden; unit++) {
          const at = row * hidden + unit
          const i = sigmoid(a[gate + unit])
          const f = sigmoid(a[gate + hidden + unit])
          const g = Math.tanh(a[gate + 2 * hidden + unit])
          const o = sigmoid(a[gate + 3 * hidden + unit])
          const c = f * cellState[at] + i * g
          const s = Math.tanh(c)
          a[gate + unit] = i
          a[gate + hidden + unit] = f
          a[gate + 2 * hidden + unit] = g
          a[gate + 3 * hidden + unit] = o
          cellState[at + size] = c
          squashed[at] = s
          h[at + size] = o * s
        }
      }
    },
    /** n = tanh(a_n + r ∘ (W_n h + bn)), h = (1 - z) ∘ n + z ∘ h, gates r z n side by side */
    gru: (t: number) => {
      const { hidden, batch } = this.problem.of
      const { W, bn } = this.parameters
      const { gates: a, hidden: h, inner, recurrent } = this.buffers
      const size = batch * hidden
      recurrent.fill(0)
      addProduct(recurrent, 0, h, t * size, W, batch, 3 * hidden, hidden)
      for (let sequence = 0; sequence < batch; sequence++) {
        const row = t * batch + sequence
        const gate = row * 3 * hidden
        const own = sequence * 3 * hidden
        for (let unit = 0; unit < hidden; unit++) {
          const at = row * hidden + unit
          const r = sigmoid(a[gate + unit] + recurrent[own + unit])
          const z = sigmoid(a[gate + hidden + unit] + recurrent[own + hidden + unit])
          const m = recurrent[own + 2 * hidden + unit] + bn[unit]
          const n = Math.tanh(a[gate + 2 * hidden + unit] + r * m)
          a[gate + unit] = r
          a[gate + hidden + unit] = z
          a[gate + 2 * hidden + unit] = n
          inner[at] = m
          h[at + size] = (1 - z) * n + z * h[at]
        }
      }
    },
  }

  private readonly stepBackward = {
    rnn: (t: number) => {
      const { hidden, batch } = this.problem.of
      const { hidden: h, external, carried, delta, WT } = this.buffers
      const size = batch * hidden
      for (let index = 0; index < size; index++) {
        const at = t * size + index
        const after = h[at + size]
        delta[at] = (1 - after * after) * (carried[index] + external[at])
      }
      carried.fill(0)
      addProduct(carried, 0, delta, t * size, WT, batch, hidden, hidden)
    },
    lstm: (t: number) => {
      const { hidden, batch } = this.problem.of
      const { gates: a, cellState, squashed, external, carried, carriedCell, delta, WT } = this.buffers
      const size = batch * hidden
      for (let sequence = 0; sequence < batch; sequence++) {
        const row = t * batch + sequence
        const gate = row * 4 * hidden
        for (let unit = 0; unit < hidden; unit++) {
          const at = row * hidden + unit
          const own = sequence * hidden + unit
          const i = a[gate + unit]
          const f = a[gate + hidden + unit]
          const g = a[gate + 2 * hidden + unit]
          const o = a[gate + 3 * hidden + unit]
          const s = squashed[at]
          const dh = carried[own] + external[at]
          const dc = carriedCell[own] + dh * o * (1 - s * s)
          delta[gate + unit] = dc * g * i * (1 - i)
          delta[gate + hidden + unit] = dc * cellState[at] * f * (1 - f)
          delta[gate + 2 * hidden + unit] = dc * i * (1 - g * g)
          delta[gate + 3 * hidden + unit] = dh * s * o * (1 - o)
          carriedCell[own] = dc * f
        }
      }
      carried.fill(0)
      addProduct(carried, 0, delta, t * 4 * size, WT, batch, hidden, 4 * hidden)
    },
    gru: (t: number) => {
      const { hidden, batch } = this.problem.of
      const { gates: a, hidden: h, inner, external, carried, delta, recurrentDelta, WT } = this.buffers
      const size = batch * hidden
      for (let sequence = 0; sequence < batch; sequence++) {
        const row = t * batch + sequence
        const gate = row * 3 * hidden
        for (let unit = 0; unit < hidden; unit++) {
          const at = row * hidden + unit
          const own = sequence * hidden + unit
          const r = a[gate + unit]
          const z = a[gate + hidden + unit]
          const n = a[gate + 2 * hidden + unit]
          const dh = carried[own] + external[at]
          const dn = dh * (1 - z) * (1 - n * n)
          const dr = dn * inner[at] * r * (1 - r)
          const dz = dh * (h[at] - n) * z * (1 - z)
          delta[gate + unit] = dr
          delta[gate + hidden + unit] = dz
          delta[gate + 2 * hidden + unit] = dn
          recurrentDelta[gate + unit] = dr
          recurrentDelta[gate + hidden + unit] = dz
          recurrentDelta[gate + 2 * hidden + unit] = dn * r
          carried[own] = dh * z
        }
      }
      addProduct(carried, 0, recurrentDelta, t * 3 * size, WT, batch, hidden, 3 * hidden)
    },
  }
}

export function plain(): Side {
  let network: PlainNetwork | undefined
  return {
    name: 'plain JS',
    plays: () => true,
    async setUp(problem) {
      network = new PlainNetwork(problem)
    },
    async lossAndGradients() {
      if (!network) throw new Error('plain JS was not set up')
      const loss = network.forward()
      network.backward()
      return { loss, parameters: network.gradients }
    },
    run: timed(() => {
      network?.forward()
      network?.backward()
      network?.update()
    }),
    async tearDown() {
      network = undefined
    },
  }
}
