/**
 * Messages that nobody expects, a hundred thousand of them, into every node in loops of all kinds: nothing gets out but
 * through done, exactly once, as what was expected and what came; and a message that was refused leaves no trace.
 * `npm run soak:fuzz` sends a million. Some thousands go through Node-RED itself.
 */
import fc from 'fast-check'
import should from 'should'
import { sink, withFlow } from '../support/flow'
import { chains, stages, typeOf } from '../support/strange/chains'
import { fuzzAll } from '../support/strange/fuzz'
import { messageOf, strange } from '../support/strange/near-misses'
import { allSubjects } from '../support/strange/subjects'
import { startNode, type ThinNode } from '../support/strange/thin-red'
import { newCounts, type Subject } from '../support/strange/twins'

const messagesOfEach = Math.ceil(100_000 / stages.length)
const throughNodeRed = 500
const seed = Number(process.env.FC_SEED ?? 20261122)

describe('strange messages', () => {
  let subjects: Subject[] = []
  /** as long as one node is there, the engine is not closed */
  let keepsEngine: ThinNode
  const rejected: unknown[] = []
  const reject = (reason: unknown) => rejected.push(reason)
  before(async () => {
    process.on('unhandledRejection', reject)
    keepsEngine = startNode('unroll', {})
    subjects = await allSubjects()
  })
  after(async () => {
    process.removeListener('unhandledRejection', reject)
    await keepsEngine.close()
  })
  afterEach(() => should(rejected).eql([]))

  for (const type of Object.values(typeOf))
    it(`${type}: every one ends once, and what is refused leaves no trace`, async () => {
      const counts = newCounts()
      const own = subjects.filter((subject) => subject.type === type)
      await fuzzAll(own, messagesOfEach, counts, seed)
      // both kinds have to be there, or nothing was tried
      should(counts.messages).be.aboveOrEqual(messagesOfEach)
      should(counts.accepted).be.within(counts.messages / 4, (counts.messages * 9) / 10)
    })

  it('through Node-RED: every one ends once', () => {
    const [chain] = chains
    const nodes = stages.map((stage) => ({
      id: stage,
      type: typeOf[stage],
      wires: [['out']],
      ...chain[stage],
    }))
    return withFlow([...nodes, sink('out')], async (flow) => {
      for (const stage of stages) {
        const subject = subjects.find(({ name }) => name === `${typeOf[stage]} of ${chain.name}`) as Subject
        let sent = 0
        for (const one of fc.sample(strange, { numRuns: throughNodeRed, seed })) {
          const msg = messageOf(one, (choice) => subject.good(choice, { step: sent, version: sent }))
          if (!canBeCopied(msg)) continue
          flow.send(stage, msg)
          sent += 1
        }
        await flow.settled()
        should(sent).be.above(throughNodeRed / 2)
        should(flow.completions(stage)).have.length(sent)
      }
    })
  })
})

/** What cannot be, a wire that fans out or a catch node would not get: that is Node-RED's business. */
function canBeCopied(msg: unknown): msg is object {
  try {
    structuredClone(msg)
    return typeof msg === 'object' && msg !== null
  } catch {
    return false
  }
}
