/**
 * TensorFlow.js by its core operations, on one of its backends: fewer and larger operations than its layers make.
 * All inputs in one product; gradients by tf.variableGrads; its own Adam.
 */
import { resolve } from 'node:path'
import { learningRate, type Problem, threshold } from '../problem'
import { type Side, timed } from './side'

/** What of TensorFlow.js is used; its own types come with a package that is installed on first use. */
interface TfTensor {
  readonly shape: number[]
  dataSync(): Float32Array
  dispose(): void
}
interface TfVariable extends TfTensor {
  readonly name: string
}
interface Tf {
  setBackend(name: string): Promise<boolean>
  ready(): Promise<void>
  tidy<T>(name: () => T): T
  tensor(data: Float32Array, shape: readonly number[]): TfTensor
  variable(from: TfTensor, trainable?: boolean, name?: string): TfVariable
  variableGrads(of: () => TfTensor, by: TfVariable[]): { value: TfTensor; grads: Record<string, TfTensor> }
  train: {
    adam(rate: number): { applyGradients(gradients: Record<string, TfTensor>): void; dispose(): void }
  }
  addN(tensors: TfTensor[]): TfTensor
  mean(x: TfTensor, axis?: number): TfTensor
  sum(x: TfTensor): TfTensor
  square(x: TfTensor): TfTensor
  sqrt(x: TfTensor): TfTensor
  tanh(x: TfTensor): TfTensor
  sigmoid(x: TfTensor): TfTensor
  add(a: TfTensor, b: TfTensor): TfTensor
  sub(a: TfTensor, b: TfTensor): TfTensor
  mul(a: TfTensor, b: TfTensor): TfTensor
  div(a: TfTensor | number, b: TfTensor): TfTensor
  minimum(a: TfTensor | number, b: TfTensor): TfTensor
  matMul(a: TfTensor, b: TfTensor): TfTensor
  zeros(shape: number[]): TfTensor
  reshape(x: TfTensor, shape: number[]): TfTensor
  unstack(x: TfTensor): TfTensor[]
  concat(x: TfTensor[]): TfTensor
  split(x: TfTensor, count: number | number[], axis: number): TfTensor[]
}

let loaded: Tf | undefined

function load(): Tf {
  if (loaded) return loaded
  const tf: Tf = require('@tensorflow/tfjs')
  const wasm = require('@tensorflow/tfjs-backend-wasm')
  wasm.setWasmPaths(`${resolve(__dirname, '../node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`)
  loaded = tf
  return tf
}

/** [m, n] → [n, m] */
function transposed(data: ArrayLike<number>, [m, n]: readonly number[]): Float32Array {
  const out = new Float32Array(m * n)
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) out[column * m + row] = data[row * n + column]
  return out
}

export function tensorflow(backend: 'cpu' | 'wasm'): Side {
  let tf: Tf
  let problem: Problem
  let variables: Record<string, TfVariable> = {}
  let inputs: TfTensor
  let targets: TfTensor
  let adam: ReturnType<Tf['train']['adam']>

  const stepOf = {
    rnn(a: TfTensor, h: TfTensor) {
      return [tf.tanh(tf.add(a, tf.matMul(h, variables.W)))]
    },
    lstm(a: TfTensor, h: TfTensor, c: TfTensor) {
      const [i, f, g, o] = tf.split(tf.add(a, tf.matMul(h, variables.W)), 4, 1)
      const next = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)))
      return [tf.mul(tf.sigmoid(o), tf.tanh(next)), next]
    },
    gru(a: TfTensor, h: TfTensor) {
      const { hidden } = problem.of
      const [aGates, aNew] = tf.split(a, [2 * hidden, hidden], 1)
      const [hGates, hNew] = tf.split(tf.matMul(h, variables.W), [2 * hidden, hidden], 1)
      const [r, z] = tf.split(tf.sigmoid(tf.add(aGates, hGates)), 2, 1)
      const n = tf.tanh(tf.add(aNew, tf.mul(r, tf.add(hNew, variables.bn))))
      return [tf.add(n, tf.mul(z, tf.sub(h, n)))]
    },
  }

  const loss = (): TfTensor => {
    const { type, hidden, batch, steps } = problem.of
    const width = variables.b.shape[0]
    const projected = tf.add(tf.matMul(inputs, variables.U), variables.b)
    let state = [tf.zeros([batch, hidden]), tf.zeros([batch, hidden])]
    const states = tf.unstack(tf.reshape(projected, [steps, batch, width])).map((a) => {
      state = stepOf[type](a, state[0], state[1])
      return state[0]
    })
    const outputs = tf.add(tf.matMul(tf.concat(states), variables.V), variables.c)
    // in two goes, since its mean adds up naively in float32
    return tf.mean(tf.mean(tf.square(tf.sub(outputs, targets)), 1))
  }
  const gradientsOf = () => tf.variableGrads(loss, Object.values(variables))

  return {
    name: `tfjs ${backend}`,
    plays: () => true,
    async setUp(given) {
      tf = load()
      await tf.setBackend(backend)
      await tf.ready()
      problem = given
      const rows = problem.of.steps * problem.of.batch
      inputs = tf.tensor(problem.inputs, [rows, problem.of.features])
      targets = tf.tensor(problem.targets, [rows, problem.of.features])
      adam = tf.train.adam(learningRate)
      // matrices are held transposed, as products want them
      variables = Object.fromEntries(
        problem.parameters.map(({ name, shape, data }) => [
          name,
          tf.variable(
            shape.length === 2
              ? tf.tensor(transposed(data, shape), [shape[1], shape[0]])
              : tf.tensor(data, shape),
            true,
            `${name} of ${backend} ${performance.now()}`,
          ),
        ]),
      )
    },
    async lossAndGradients() {
      await tf.setBackend(backend)
      const { value, grads } = gradientsOf()
      return {
        loss: value.dataSync()[0],
        parameters: Object.fromEntries(
          problem.parameters.map(({ name, shape }) => {
            const slope = grads[variables[name].name].dataSync()
            return [name, shape.length === 2 ? transposed(slope, [shape[1], shape[0]]) : slope]
          }),
        ),
      }
    },
    async run(steps) {
      await tf.setBackend(backend)
      return timed(() =>
        tf.tidy(() => {
          const { grads } = gradientsOf()
          const norm = tf.sqrt(tf.addN(Object.values(grads).map((slope) => tf.sum(tf.square(slope)))))
          const scale = tf.minimum(1, tf.div(threshold, norm))
          adam.applyGradients(
            Object.fromEntries(Object.entries(grads).map(([name, slope]) => [name, tf.mul(slope, scale)])),
          )
        }),
      )(steps)
    },
    async tearDown() {
      adam.dispose()
      for (const tensor of [inputs, targets, ...Object.values(variables)]) tensor.dispose()
    },
  }
}
