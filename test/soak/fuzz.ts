/**
 * `npm run soak:fuzz`: a million strange messages, or as many as the argument says, into every node in loops of all kinds
 * (test/support/strange). It fails if the heap grows by more than a twentieth in its second half, and ends with an error and the shortest row of messages that shows a fault; FC_SEED draws others.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { buildKernel, kernelIsCurrent } from '../../scripts/kernel'
import { mostGrowth } from '../support/held'
import { stages } from '../support/strange/chains'
import { fuzzAll } from '../support/strange/fuzz'
import { allSubjects } from '../support/strange/subjects'
import { startNode } from '../support/strange/thin-red'
import { type Counts, newCounts } from '../support/strange/twins'

const messages = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.env.FC_SEED ?? 1)
/** The heap is looked at after each of so many rounds over all nodes. */
const rounds = 10

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is held on to, in MiB. */
function heap(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

async function main(): Promise<void> {
  if (!kernelIsCurrent()) buildKernel()
  // as long as one node is there, the engine is not closed
  startNode('unroll', {})
  const subjects = await allSubjects()
  const counts = new Map<string, Counts>()
  const begun = performance.now()
  console.log(`heap at the start ${heap().toFixed(1)} MiB`)
  const held: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const type of new Set(subjects.map((subject) => subject.type))) {
      const own = counts.get(type) ?? newCounts()
      counts.set(type, own)
      const ofType = subjects.filter((subject) => subject.type === type)
      await fuzzAll(ofType, messages / stages.length / rounds, own, seed + 1000 * round)
    }
    const sent = [...counts.values()].reduce((sum, one) => sum + one.messages, 0)
    held.push(heap())
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(`${sent} messages, ${seconds} s, heap ${held[round].toFixed(1)} MiB`)
  }
  for (const [type, { messages: sent, accepted, refused }] of counts) {
    console.log(`\n${type}: ${sent} messages, ${accepted} accepted; refused, by what was expected:`)
    for (const [kind, count] of [...refused].toSorted(([, a], [, b]) => b - a))
      console.log(`${count}\t${kind}`)
  }
  // what each message left behind would be there ten times as often at the end
  const growth = held[rounds - 1] / held[rounds / 2 - 1] - 1
  console.log(`\nin the second half the heap grew by ${(100 * growth).toFixed(1)} %`)
  process.exit(growth <= mostGrowth ? 0 : 1)
}

main()
