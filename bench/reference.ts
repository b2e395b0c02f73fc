/**
 * Loss and gradient in float64 by the library, in a process of its own: what all sides are compared with.
 * Called with type, H, B, T, the activation and the file for the answer: loss, then the parameters, float64.
 */
import { writeFileSync } from 'node:fs'
import { type CellType, caseOf } from './cases'
import { problemOf } from './problem'
import { cellOf, ours, tensorsOf } from './sides/library'

const [type, hidden, batch, steps, activation, file] = process.argv.slice(2)
const problem = problemOf(caseOf(type as CellType, Number(hidden), Number(batch), Number(steps)))
const { inputs, targets } = tensorsOf(problem)
const { parameters, ...form } = cellOf(problem, activation as 'tanh' | 'relu')
const cell = ours.rnnCell({ ...form, ...form.sizes, precision: 'float64', parameters })
const { loss, parameters: gradients } = ours.bpttGradient(
  ours.unroll(cell, inputs, { topology: 'many-to-many' }),
  targets,
  { loss: 'mse' },
)
const parts = [
  Float64Array.of(loss),
  ...problem.parameters.map(({ name }) => Float64Array.from(gradients[name].data)),
]
writeFileSync(file, Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))))
