/** The cell that a node owns: its version, the scale of its data and the best so far, all of it kept over restarts. */
import { type Cell, ExpectedError, rnnCell, type SafetensorsFile, type Scale } from '../../src'
import { typedNumber } from '../common/fields'
import { keeper } from '../common/keeper'
import type { NodeContext } from '../common/node'
import { type Judge, readJudge } from './best'
import { sizesOfParameters } from './infer-sizes'
import { type Applied, cellFromFile, cellToFile } from './kept-cell'
import { type RnnCellConfig, readCellOptions, requireSizes } from './options'

export interface OwnedCell {
  /** undefined as long as its sizes are not known */
  readonly cell: Cell | undefined
  /** rises by one with each change of the parameters */
  readonly version: number
  scale: Scale | undefined
  /** the topics of its data have each a scale of their own, and there is none for all */
  readonly scaledByTopic: boolean
  learnsByTopic(): void
  /** the batch whose update came last: it is not learned from twice, should it come again after a restart */
  readonly applied: Applied | undefined
  /** undefined if the best is not kept */
  readonly judge: Judge | undefined
  /** sizes that are typed in */
  readonly sizes: ReturnType<typeof readCellOptions>['sizes']
  readonly options: ReturnType<typeof readCellOptions>['options']
  /**
   * A cell as it begins, of the sizes found where none are typed in.
   *
   * @throws ExpectedError if a size is missing
   */
  start(found: Partial<Cell['sizes']>, parameters?: Record<string, unknown>): Cell
  become(next: Cell): void
  /** an update of this batch is in the parameters */
  hasApplied(batch: Applied): void
  /** the best so far is kept too */
  keepBest(): void
  /** training has begun again: nothing was learned or judged yet */
  beginAgain(): void
  /** @throws ExpectedError if there is no best */
  best(): Cell
  close(removed: boolean): Promise<void>
}

export function ownedCell(context: NodeContext, config: RnnCellConfig): OwnedCell {
  const { RED, node } = context
  const { options, sizes, gain, origin } = readCellOptions(config)
  const kept = keeper(context, config.store)
  const keptBest = keeper(context, config.store, { name: 'best' })
  let cell: Cell | undefined
  let version = 0
  let scale: Scale | undefined
  let scaledByTopic = false
  let applied: Applied | undefined
  let judge = readJudge(config, undefined)

  const start: OwnedCell['start'] = (found, parameters = options.parameters) => {
    const known = { ...found, ...sizes, ...sizesOfParameters(options.parameters, options) }
    const whole = requireSizes(known, options.readout)
    return rnnCell({ ...options, ...whole, gain: typedNumber(RED, node, gain), parameters })
  }
  const keep = () => {
    const [own, now, until] = [cell as Cell, version, applied]
    kept.write(() => cellToFile(own, { version: now, scale, scaledByTopic, origin, applied: until }))
  }
  const become = (next: Cell) => {
    cell = next
    version += 1
    keep()
  }

  /** What was kept, as a cell; undefined if it does not fit the dialog any more. */
  const keptCell = (file: SafetensorsFile) => {
    const read = cellFromFile(file, origin)
    if (read) return { ...read, cell: start(read.sizes, read.parameters) }
    return undefined
  }
  const found = kept.read(keptCell)
  kept.sayAnew()
  const foundBest = keptBest.read(keptCell)
  if (found) {
    scale = found.scale
    scaledByTopic = found.scaledByTopic ?? false
    version = found.version
    applied = found.applied
    become(found.cell)
  }
  if (found && foundBest?.judged) {
    const { loss, since } = foundBest.judged
    judge = readJudge(config, { best: { ...foundBest, loss }, since })
  } else keptBest.putAside()

  return {
    get cell() {
      return cell
    },
    get version() {
      return version
    },
    get scale() {
      return scale
    },
    set scale(next) {
      scale = next
      scaledByTopic = false
    },
    get scaledByTopic() {
      return scaledByTopic
    },
    learnsByTopic() {
      scale = undefined
      scaledByTopic = true
    },
    get applied() {
      return applied
    },
    get judge() {
      return judge
    },
    options,
    sizes,
    start,
    become,
    hasApplied(batch) {
      applied = batch
      keep()
    },
    keepBest() {
      const { best, since } = judge?.state ?? {}
      if (!best || since === undefined) return keptBest.forget()
      const { cell: own, version: of, loss } = best
      keptBest.write(() => cellToFile(own, { version: of, scale, origin, judged: { loss, since } }))
    },
    beginAgain() {
      judge?.startAgain()
      keptBest.forget()
      applied = undefined
    },
    best() {
      const best = judge?.state.best
      if (best) return best.cell
      throw new ExpectedError(
        'a best so far: switch it on in the dialog, and let a pass over held-out sequences end',
        'none',
      )
    },
    async close(removed) {
      await Promise.all([kept.close(removed), keptBest.close(removed)])
    },
  }
}
