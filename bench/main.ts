/**
 * `npm run bench`: the grid. What else is measured goes by its name, `npm run bench -- scaling`, and `all` is all of it:
 *
 *     grid         all sides on the grid. --quick, --rounds=15, --rows=1,4 and --sides=library,PyTorch take less of it
 *     scaling      how the cost grows with T, B and H
 *     event-loop   how long the event loop waits while a flow trains, and an HTTP endpoint answers
 *     aside        how long the event loop waits for steps that are taken one by one, on it and beside it
 *     streams      a thousand sensors by MQTT through one Node-RED: latency, loss, memory, and beside training
 *     editor       what it costs training, and the browser, that an editor looks
 *     editor-hour  whether the memory of the page stays as it is while it looks for an hour
 *     package      how large the package is, and what loading it adds to Node-RED's start
 *     report       writes docs/performance.md from what was measured; --keep takes over what was measured last
 */
import { parseArgs } from 'node:util'
import { measureAside } from './aside'
import { nameOf } from './cases'
import { measureEditor, measureEditorMemory } from './editor'
import { measureEventLoop } from './event-loop'
import { measureGrid } from './grid'
import { measurePackage } from './package'
import { report } from './report'
import { columnsOf, gridTable, oursOf, ratioTable } from './report-tables'
import { type GridResult, writePart } from './results'
import { measureScaling } from './scaling'
import { best } from './statistics'
import { measureStreams } from './streams'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    sides: { type: 'string' },
    rows: { type: 'string' },
    rounds: { type: 'string' },
  },
})

async function runGrid(): Promise<void> {
  const { quick, sides, rows, rounds } = values
  const result = await measureGrid({
    quick,
    ...(sides && { sides: sides.split(',') }),
    ...(rows && { rows: rows.split(',').map(Number) }),
    ...(rounds && { rounds: Number(rounds) }),
  })
  console.log(
    `Medians:\n${gridTable(result)}\n\nBest of ${result.rounds} rounds:\n${gridTable(result, best)}\n`,
  )
  if (result.cases.some((one) => oursOf(columnsOf(one)))) console.log(ratioTable(result))
  sayWhatDoesNotCount(result)
  const isWhole = !quick && !sides && !rows
  writePart(isWhole ? { grid: result } : { part: result })
}

function sayWhatDoesNotCount({ cases }: GridResult): void {
  for (const { of, sides } of cases)
    for (const [name, { counts, differences, remark }] of Object.entries(sides))
      if (!counts)
        console.log(`\n${name} at ${nameOf(of)} does not count: ${remark ?? JSON.stringify(differences)}`)
}

const commands: Readonly<Record<string, () => Promise<void> | void>> = {
  grid: runGrid,
  scaling: async () => writePart({ scaling: await measureScaling() }),
  'event-loop': async () => writePart({ eventLoop: await measureEventLoop() }),
  aside: measureAside,
  streams: () => measureStreams(values.quick),
  editor: measureEditor,
  'editor-hour': () => measureEditorMemory(60),
  package: async () => writePart({ package: await measurePackage() }),
  report: () => report(values.keep),
}

async function main(): Promise<void> {
  const [wanted = 'grid'] = positionals
  const names = wanted === 'all' ? ['grid', 'scaling', 'event-loop', 'package'] : [wanted]
  for (const name of names) {
    const command = commands[name]
    if (!command) throw new Error(`expected ${Object.keys(commands).join(', ')} or all, got ${name}`)
    await command()
  }
  process.exit(0)
}

main()
