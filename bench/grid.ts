/** All sides on the grid, in one run, round by round in turn; losses and gradients are compared first. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Case, grid, nameOf, quickGrid } from './cases'
import { agrees, differences } from './compare'
import { installPeers } from './peers'
import { type Problem, problemOf } from './problem'
import type { CaseResult, GridResult, SideResult } from './results'
import { brain } from './sides/brain'
import { readGradients } from './sides/child'
import { flow } from './sides/flow'
import { library } from './sides/library'
import { limit } from './sides/limit'
import { plain } from './sides/plain'
import { numpy, pythonWith, pytorch } from './sides/python'
import type { Gradients, Side } from './sides/side'
import { tensorflow } from './sides/tensorflow'
import { training } from './sides/training'
import { rotated, stepsFor } from './statistics'

export interface GridOptions {
  /** few cases, few rounds */
  readonly quick: boolean
  /** only sides whose names begin so */
  readonly sides?: readonly string[]
  /** only these rows of the grid, from 1 */
  readonly rows?: readonly number[]
  readonly rounds?: number
}

interface Effort {
  readonly rounds: number
  /** milliseconds for which a side is measured in a round, and runs before the first one */
  readonly perRound: number
  readonly warmUp: number
  /** a side whose step takes longer is measured in so many rounds only */
  readonly slow: number
  readonly slowRounds: number
}
const thorough: Effort = { rounds: 15, perRound: 60, warmUp: 500, slow: 1000, slowRounds: 3 }
const brief: Effort = { rounds: 5, perRound: 30, warmUp: 150, slow: 300, slowRounds: 0 }

function allSides(wanted?: readonly string[]): { sides: Side[]; versions: Record<string, string> } {
  const torch = pythonWith('torch')
  const numerical = pythonWith('numpy')
  const inC = limit()
  const sides = [
    library(),
    training(),
    training(1),
    training(2),
    flow(),
    plain(),
    ...(torch ? [pytorch(torch, 1), pytorch(torch, 2)] : []),
    ...(numerical ? [numpy(numerical)] : []),
    tensorflow('cpu'),
    tensorflow('wasm'),
    brain(),
    ...(inC ? [inC] : []),
  ].filter(({ name }) => wanted?.some((start) => name.startsWith(start)) ?? true)
  return {
    sides,
    versions: {
      ...(torch && { PyTorch: torch.versions }),
      ...(numerical && { NumPy: numerical.versions }),
      ...Object.fromEntries(
        ['@tensorflow/tfjs', 'brain.js'].map((name) => [
          name,
          JSON.parse(readFileSync(resolve(__dirname, 'node_modules', name, 'package.json'), 'utf8')).version,
        ]),
      ),
    },
  }
}

const directory = mkdtempSync(join(tmpdir(), 'rnn-bench-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))

/** Of the library in float64, from a process of its own, so that this one compiles only what it measures. */
function expectedOf(problem: Problem, activation: 'tanh' | 'relu'): Gradients {
  const { type, hidden, batch, steps } = problem.of
  const file = join(directory, 'expected')
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['--import', 'tsx', resolve(__dirname, 'reference.ts'), type],
      ...[hidden, batch, steps].map(String),
      activation,
      file,
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`no reference: ${stderr}`)
  return readGradients(problem, readFileSync(file), Float64Array)
}

async function measure(of: Case, all: readonly Side[], effort: Effort): Promise<CaseResult> {
  const problem = problemOf(of)
  const expected = new Map<string, Gradients>()
  const playing: {
    side: Side
    steps: number
    perStep: number
    result: SideResult & { milliseconds: number[] }
  }[] = []
  for (const side of all.filter((one) => one.plays(of))) {
    await side.setUp(problem)
    const activation = (of.type === 'rnn' && side.activation) || 'tanh'
    const reference = expected.get(activation) ?? expectedOf(problem, activation)
    expected.set(activation, reference)
    const remark = side.differs?.(of)
    const off = differences(await side.lossAndGradients(), reference, side.compared)
    const perStep = await warmedUp(side, effort.warmUp)
    const result = {
      milliseconds: [],
      differences: off,
      counts: remark === undefined && agrees(off),
      ...(remark !== undefined && { remark }),
    }
    playing.push({ side, steps: stepsFor(effort.perRound, perStep), perStep, result })
  }
  for (let round = 0; round < effort.rounds; round++)
    for (const { side, steps, perStep, result } of rotated(playing, round)) {
      if (perStep > effort.slow && round >= effort.slowRounds) continue
      result.milliseconds.push((await side.run(steps)) / steps)
    }
  for (const { side } of playing) await side.tearDown()
  return { of, sides: Object.fromEntries(playing.map(({ side, result }) => [side.name, result])) }
}

/** @returns milliseconds a step, once it has been compiled */
async function warmedUp(side: Side, warmUp: number): Promise<number> {
  let perStep = await side.run(1)
  for (let spent = perStep, steps = 1; spent < warmUp; ) {
    steps = stepsFor(Math.min(warmUp - spent, 4 * Math.max(perStep * steps, 1)), perStep)
    const milliseconds = await side.run(steps)
    spent += milliseconds
    perStep = milliseconds / steps
  }
  return perStep
}

export async function measureGrid(options: GridOptions): Promise<GridResult> {
  installPeers()
  const usual = options.quick ? brief : thorough
  const effort = { ...usual, rounds: options.rounds ?? usual.rounds }
  const { sides, versions } = allSides(options.sides)
  const all = options.quick ? quickGrid : grid
  const cases: CaseResult[] = []
  for (const of of options.rows ? options.rows.map((row) => all[row - 1]) : all) {
    console.error(nameOf(of))
    cases.push(await measure(of, sides, effort))
  }
  for (const side of sides) await side.close?.()
  return { rounds: effort.rounds, versions, cases }
}
