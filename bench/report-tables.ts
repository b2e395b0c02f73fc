/** The tables of a run over the grid, in Markdown: times, and ratios to ours. */
import { nameOf } from './cases'
import type {
  Axis,
  CaseResult,
  EventLoopResult,
  GridResult,
  PackageResult,
  Results,
  ScalingResult,
  SideResult,
} from './results'
import { exponent, median, pairedRatio } from './statistics'
import { duration, ratio, table } from './table'

/** Sides whose best is shown, under one name. */
const groups: Readonly<Record<string, readonly string[]>> = { 'tfjs best': ['tfjs cpu', 'tfjs wasm'] }

/** The side that is ours, fastest first in what it leaves out. */
const oursNames = ['training', 'library'] as const

/** The measured sides of a case that were measured at all, the best of a group in its place. */
export function columnsOf({ sides }: CaseResult): Record<string, SideResult> {
  const columns: Record<string, SideResult> = {}
  for (const [name, result] of Object.entries(sides)) {
    if (result.milliseconds.length === 0) continue
    const group = Object.keys(groups).find((one) => groups[one].includes(name)) ?? name
    const before = columns[group]
    if (!before || median(result.milliseconds) < median(before.milliseconds)) columns[group] = result
  }
  return columns
}

export const oursOf = (columns: Readonly<Record<string, SideResult>>): string | undefined =>
  oursNames.find((name) => columns[name])

const headOf = ({ cases }: GridResult): string[] => [
  ...new Set(cases.flatMap((one) => Object.keys(columnsOf(one)))),
]

/** Medians, or another statistic of the rounds; in brackets what does not count. */
export function gridTable(result: GridResult, of = median): string {
  const head = headOf(result)
  return table(
    ['H, B, T', ...head],
    result.cases.map((one) => {
      const columns = columnsOf(one)
      return [
        nameOf(one.of),
        ...head.map((name) => {
          const side = columns[name]
          if (!side) return ''
          const shown = duration(of(side.milliseconds))
          return side.counts ? shown : `(${shown})`
        }),
      ]
    }),
  )
}

/** How many times as long the others take, round by round. */
export function ratioTable(result: GridResult): string {
  const head = headOf(result).filter((name) => !(oursNames as readonly string[]).includes(name))
  return table(
    ['ours is faster by', ...head],
    result.cases.map((one) => {
      const columns = columnsOf(one)
      const ours = oursOf(columns)
      return [
        nameOf(one.of),
        ...head.map((name) => {
          const side = columns[name]
          if (!side || !ours) return ''
          const shown = ratio(pairedRatio(side.milliseconds, columns[ours].milliseconds))
          return side.counts && columns[ours].counts ? shown : `(${shown})`
        }),
      ]
    }),
  )
}

/** Rows in the order of the project's targets: floor and aim of the ratio to PyTorch, one thread each. */
const pytorchTargets: Readonly<Record<string, readonly [number, number]>> = {
  '8, 1, 20': [300, 500],
  '16, 1, 50': [150, 300],
  '32, 1, 50': [60, 120],
  '32, 16, 50': [7, 12],
  '64, 32, 100': [1.5, 2.5],
  '128, 32, 100': [0.95, 1.35],
  '256, 64, 100': [0.7, 0.8],
  '512, 64, 100': [0.6, 0.72],
  'LSTM 32, 16, 50': [1.4, 1.8],
  'LSTM 128, 32, 100': [0.53, 0.65],
}

/** Against PyTorch, and the share of the C limit that is reached, beside what was set as floor and aim. */
export function pytorchTable({ cases }: GridResult): string {
  return table(
    ['H, B, T', 'PyTorch ÷ ours', 'floor', 'aim', 'C limit ÷ ours'],
    cases.map((one) => {
      const columns = columnsOf(one)
      const ours = columns[oursOf(columns) ?? '']
      const [floor, aim] = pytorchTargets[nameOf(one.of)] ?? []
      const against = (name: string) => {
        const side = columns[name]
        return side && ours ? ratio(pairedRatio(side.milliseconds, ours.milliseconds)) : ''
      }
      return [nameOf(one.of), against('PyTorch'), String(floor ?? ''), String(aim ?? ''), against('C limit')]
    }),
  )
}

/** What the six nodes add to a step of the library. */
export function flowTable({ cases }: GridResult): string {
  return table(
    ['H, B, T', 'library', 'flow', 'added'],
    cases.flatMap((one) => {
      const { library, flow } = columnsOf(one)
      if (!library || !flow) return []
      const added = median(
        flow.milliseconds
          .slice(0, library.milliseconds.length)
          .map((milliseconds, round) => milliseconds - library.milliseconds[round]),
      )
      return [
        [
          nameOf(one.of),
          duration(median(library.milliseconds)),
          duration(median(flow.milliseconds)),
          added < 0 ? 'nothing' : duration(added),
        ],
      ]
    }),
  )
}

export function eventLoopSentence({ of, seconds, steps, delay, answers }: EventLoopResult): string {
  return (
    `A flow that trained (${nameOf(of)}) without pause for ${seconds} s made ${steps} steps. Meanwhile the delay of the ` +
    `event loop had a median of ${duration(delay.p50)}, a 99th percentile of ${duration(delay.p99)} and a maximum of ` +
    `${duration(delay.max)}; an HTTP endpoint of the same Node-RED answered ${answers.count} times, half of them ` +
    `within ${duration(answers.p50)}, 99 % within ${duration(answers.p99)}.`
  )
}

export function machineSentence(
  { processor, cores, node, measured }: NonNullable<Results['machine']>,
  grid?: GridResult,
): string {
  const versions = Object.entries(grid?.versions ?? {}).map(([name, version]) => `${name} ${version}`)
  return `Measured on ${measured}: ${processor}, ${cores} cores; Node ${node}; ${versions.join(', ')}.`
}

/** The upper half of each axis, where what a step costs whatever its size has no more weight. */
const exponentOf = ({ points }: ScalingResult, axis: Axis): number => {
  const own = points.filter((point) => point.axis === axis)
  return exponent(own.slice(Math.floor(own.length / 2)).map(({ size, milliseconds }) => [size, milliseconds]))
}

export const scalingTable = (result: ScalingResult): string =>
  table(
    ['axis', 'from', 'to', 'a step at first', 'at last', 'grows as its power'],
    (['T', 'B', 'H'] as const).map((axis) => {
      const own = result.points.filter((point) => point.axis === axis)
      const [first, last] = [own[0], own[own.length - 1]]
      return [
        axis,
        String(first.size),
        String(last.size),
        duration(first.milliseconds),
        duration(last.milliseconds),
        exponentOf(result, axis).toFixed(2),
      ]
    }),
  )

/** Round by round, what the nodes add. */
const addedToStart = ({ startWith, startWithout }: PackageResult): number =>
  median(startWith.map((milliseconds, round) => milliseconds - startWithout[round]))

export const packageSentence = (result: PackageResult): string =>
  `The tarball has ${megabytes(result.tarballBytes)} MB; installed, with what it depends on, the package has ` +
  `${megabytes(result.installedBytes)} MB. Node-RED starts in ${duration(median(result.startWithout))} without and ` +
  `${duration(median(result.startWith))} with its six nodes: they add ${duration(Math.max(0, addedToStart(result)))}.`

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2)
