/** What was measured, as JSON: each command writes its own part of results/latest.json. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import type { Case } from './cases'

export interface SideResult {
  /** of one step, one entry a round */
  readonly milliseconds: readonly number[]
  /** relative errors against the float64 gradient, by tensor */
  readonly differences: Readonly<Record<string, number>>
  /** its loss and gradient agree, and it did the same work */
  readonly counts: boolean
  /** why it does not count, if it is not its numbers */
  readonly remark?: string
}

export interface CaseResult {
  readonly of: Case
  readonly sides: Readonly<Record<string, SideResult>>
}

export interface GridResult {
  readonly rounds: number
  readonly versions: Readonly<Record<string, string>>
  readonly cases: readonly CaseResult[]
}

/** what grows */
export type Axis = 'T' | 'B' | 'H'

export interface ScalingResult {
  readonly base: Case
  readonly points: readonly {
    readonly axis: Axis
    readonly size: number
    readonly milliseconds: number
  }[]
}

export interface EventLoopResult {
  readonly of: Case
  readonly seconds: number
  readonly steps: number
  /** of the event loop's delay, ms */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number }
  /** of the HTTP answers, ms */
  readonly answers: { readonly count: number; readonly p50: number; readonly p99: number }
}

export interface PackageResult {
  readonly tarballBytes: number
  readonly installedBytes: number
  /** start of Node-RED with and without the six nodes, ms, one entry a round */
  readonly startWith: readonly number[]
  readonly startWithout: readonly number[]
}

export interface Results {
  machine?: {
    readonly processor: string
    readonly cores: number
    readonly node: string
    readonly measured: string
  }
  grid?: GridResult
  /** what was measured of the grid last, if it was not all */
  part?: GridResult
  scaling?: ScalingResult
  eventLoop?: EventLoopResult
  package?: PackageResult
}

export const latest = resolve(__dirname, 'results/latest.json')
/** The copy under version control, from which docs/performance.md is made. */
export const kept = resolve(__dirname, 'results/performance.json')

export const readResults = (file: string): Results =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

export function writePart(part: Omit<Results, 'machine'>): void {
  const [processor] = cpus()
  const machine = {
    processor: processor.model.trim(),
    cores: cpus().length,
    node: process.version,
    measured: new Date().toISOString().slice(0, 10),
  }
  mkdirSync(resolve(__dirname, 'results'), { recursive: true })
  writeFileSync(latest, `${JSON.stringify({ ...readResults(latest), machine, ...part }, undefined, 2)}\n`)
}
