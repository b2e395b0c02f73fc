/**
 * One start of a source after another: which sequences come, and how far it is. A message knows by `sequence.run` which
 * start it comes from; how far the present one is outlives a restart.
 */

import { type Readings, type SequenceSource, type SourceOptions, sequenceSource } from '../../src'
import { keeper } from '../common/keeper'
import type { RnnMessage } from '../common/message'
import type { NodeContext } from '../common/node'
import { position, positionFromFile, positionToFile } from './position'

export interface Runs {
  /** undefined before the first start */
  readonly source: SequenceSource | undefined
  /** of the present start */
  readonly id: string
  /** the step at which the held-out sequences were looked at last */
  validatedStep: number
  /** ended before the budget was: only a reset or resume goes on */
  stopped: boolean
  /** the source of these data, before anything is begun. @throws ExpectedError if they cannot be learned from */
  read(data?: Readings): SequenceSource
  /** starts; the first time from where it was before a restart or a deploy, if the sequences are the same */
  begin(data?: Readings, anew?: SequenceSource): SequenceSource
  /** what was before a restart or a deploy is not gone on from */
  startAnew(): void
  /** of a start of this source that is over */
  isOver(msg: RnnMessage): boolean
  /** the next batch, or that the budget is spent */
  next(): ReturnType<SequenceSource['next']>
  /** a message has come that is none of another start: the batch that was awaited, perhaps */
  comesBack(msg: RnnMessage): boolean
  /** a batch of the present start that has come back already */
  hasComeBack(msg: RnnMessage): boolean
  keep(): void
  close(removed: boolean): Promise<void>
}

/** @param store the context store that the dialog names */
export function runsOf(context: NodeContext, options: SourceOptions, store: string | undefined): Runs {
  const { RED, node } = context
  const origin = originOf(options)
  const kept = keeper(context, store)
  const place = position()
  let found = kept.read((file) => positionFromFile(file, origin))
  let source: SequenceSource | undefined
  let id = ''

  const runs: Runs = {
    get source() {
      return source
    },
    get id() {
      return id
    },
    validatedStep: 0,
    stopped: false,
    read: (data) => sequenceSource({ ...options, data }),
    begin(data, anew = runs.read(data)) {
      const goesOn = found?.epochSteps === anew.epochSteps ? found : undefined
      found = undefined
      source = goesOn ? sequenceSource({ ...options, data }, goesOn.state) : anew
      id = goesOn?.run ?? `${node.id}.${RED.util.generateId()}`
      runs.validatedStep = goesOn?.validatedStep ?? 0
      runs.stopped = goesOn?.stopped ?? false
      place.clear()
      return source
    },
    startAnew() {
      found = undefined
    },
    isOver: ({ sequence, reset }) => !reset && isRunOf(node.id, sequence?.run) && sequence?.run !== id,
    next() {
      if (!source || runs.stopped) return spent
      const before = source.state()
      const next = source.next()
      if (!next.done) {
        place.goesOut(before, next.value.step, runs.validatedStep)
        runs.keep()
      }
      return next
    },
    comesBack(msg) {
      const isAwaited = place.comesBack(msg)
      if (isAwaited) runs.keep()
      return isAwaited
    },
    hasComeBack: (msg) => msg.sequence?.run === id && place.hasComeBack(msg),
    keep() {
      const [of, run, { validatedStep, stopped }] = [source, id, runs]
      if (of) kept.write(() => positionToFile({ ...place.now(of, run, validatedStep), stopped }, origin))
    },
    close: (removed) => kept.close(removed),
  }
  return runs
}

/** Options that decide which sequences come, and in which order. A larger budget makes them no others. */
const originOf = ({ steps: _, epochs: __, ...options }: SourceOptions): string => JSON.stringify(options)

/** Whether a message comes from a start of the source of this id. */
export const isRunOf = (source: string, run: unknown): boolean =>
  typeof run === 'string' && run.startsWith(`${source}.`)

const spent = { done: true, value: undefined } as const
