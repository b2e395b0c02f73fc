/** docs/performance.md: its measured parts are written from results/performance.json, the words around them by hand. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { installPeers } from './peers'
import { scalingPlot } from './plot'
import {
  eventLoopSentence,
  flowTable,
  gridTable,
  machineSentence,
  packageSentence,
  pytorchTable,
  ratioTable,
  scalingTable,
} from './report-tables'
import { kept, latest, readResults } from './results'

const page = resolve(__dirname, '../docs/performance.md')
const picture = resolve(__dirname, '../docs/performance-scaling.svg')

/** @param keep take over what was measured last */
export async function report(keep: boolean): Promise<void> {
  if (keep) copyFileSync(latest, kept)
  const { machine, grid, scaling, eventLoop, package: packed } = readResults(kept)
  const parts: Record<string, string | undefined> = {
    machine: machine && machineSentence(machine, grid),
    grid: grid && gridTable(grid),
    ratios: grid && ratioTable(grid),
    pytorch: grid && pytorchTable(grid),
    flow: grid && flowTable(grid),
    scaling: scaling && scalingTable(scaling),
    'event-loop': eventLoop && eventLoopSentence(eventLoop),
    package: packed && packageSentence(packed),
  }
  writeFileSync(page, fillIn(readFileSync(page, 'utf8'), parts))
  if (!scaling) return
  installPeers()
  writeFileSync(picture, await scalingPlot(scaling))
}

/**
 * What stands between `<!-- measured: name -->` and `<!-- end -->` is replaced by the part of that name.
 *
 * @throws Error for a name that nothing was measured under
 */
export const fillIn = (text: string, parts: Readonly<Record<string, string | undefined>>): string =>
  text.replace(/(<!-- measured: (\S+) -->\n)[\s\S]*?(\n<!-- end -->)/g, (_, begin, name, end) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`nothing was measured for ${name}`)
    return `${begin}${part}${end}`
  })
