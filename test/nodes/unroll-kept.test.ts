/** unroll: what it remembers outlives a deploy and a restart; what is damaged, or of another kind, is put aside. */
import should from 'should'
import { memoryFromFile, memoryToFile } from '../../nodes/unroll/memory'
import { readMemory, type UnrollConfig } from '../../nodes/unroll/options'
import { lastState, unroll } from '../../src'
import { type Message, withFlow } from '../support/flow'
import { cells, network, sameCell, signal } from '../support/unroll-flow'

const reading = (value: number, topic: string) => ({ payload: [value], topic })
const step = (number: number, truth: number | null) => ({
  topic: 'a',
  payload: [[number % 3]],
  sequence: {
    phase: 'predict',
    stream: {
      begins: number === 1,
      steps: [number],
      times: [1000 * number],
      truths: [truth === null ? null : [truth]],
      horizon: 1,
    },
  },
})
const messages = signal.flatMap((value) => [reading(value, 'a'), reading(-value, 'b')])
const steps = [1, 2, 3, 4, 5, 6].map((number) => step(number, number % 2))

/** What comes out, with a deploy that restarts the nodes in the middle, of which `changed` is different, or without. */
async function through(
  sent: readonly object[],
  before: { unroll: object; cell?: object },
  changed?: object,
): Promise<{ seen: Message[]; kept: string[]; warnings: string[] }> {
  const seen: Message[] = []
  const nodes = (more: object = {}) => network({ ...before.unroll, ...more }, before.cell)
  let [kept, warnings]: string[][] = [[], []]
  await withFlow(nodes(), async (flow) => {
    for (const [index, message] of sent.entries()) {
      if (changed && index === sent.length / 2) await flow.deploy(nodes(changed), 'full')
      flow.send('cell', message)
      seen.push(await flow.next('out'))
    }
    warnings = flow.warnings('unroll')
    should(flow.taken('errors')).eql([])
    await flow.deploy(nodes({ ...changed, name: 'closed, to be written' }), 'full')
    kept = flow.keptIn('unroll', 'memory').filter((name) => name.startsWith('unroll:'))
  })
  return { seen, kept, warnings }
}
const payloads = ({ seen }: { seen: Message[] }) => seen.map(({ payload }) => payload)

describe('unroll, what is kept', () => {
  for (const [options, cell] of cells)
    for (const state of ['topic', 'carry'])
      it(`goes on after a deploy bit for bit: ${JSON.stringify(options)}, ${state}`, async () => {
        const undisturbed = await through(messages, { unroll: { state }, cell })
        const deployed = await through(messages, { unroll: { state }, cell }, { name: 'another' })
        should(payloads(deployed)).eql(payloads(undisturbed))
      })

  it('knows after a deploy what was predicted, and what is unusual, without another warm-up', async () => {
    const options = { unroll: { state: 'topic', anomalyWarmUp: '2' } }
    const undisturbed = await through(steps, options)
    const deployed = await through(steps, options, { name: 'another' })
    const anomalies = (run: { seen: Message[] }) => run.seen.map(({ anomaly }) => anomaly)
    should(anomalies(deployed)).eql(anomalies(undisturbed))
    should(anomalies(deployed)[3]).have.property('score').which.is.a.Number()
  })

  it('remembers how many steps the last target had', async () => {
    const options = { unroll: { topology: 'one-to-many' } }
    const sent = [{ payload: [1], target: [[1], [2], [3]] }, { payload: [1] }]
    const { seen } = await through(sent, options, { name: 'another' })
    should(seen[1].payload).have.length(3)
  })

  it('is nothing where each message begins with zeros', async () => {
    const { kept } = await through(messages, { unroll: {} })
    should(kept).eql([])
    should((await through(messages, { unroll: { state: 'topic' } })).kept).eql(['unroll:unroll'])
  })

  it('is put aside where states are for others now', async () => {
    const { seen, kept, warnings } = await through(
      messages,
      { unroll: { state: 'topic' } },
      { state: 'carry' },
    )
    const [anew] = payloads(await through([messages[6]], { unroll: {} }))
    should(seen[6].payload).eql(anew)
    should(kept.sort()).eql(['unroll:unroll', 'unroll:unroll:aside'])
    should(warnings).eql(['unroll.message.startsAnew'])
  })

  it('of more topics than are remembered now is put aside, and those heard of last are kept', async () => {
    const sent = [...'abcdadad'].map((topic) => ({ payload: [1], topic }))
    const topics = { state: 'topic', topics: '4' }
    const { seen, kept, warnings } = await through(sent, { unroll: topics }, { ...topics, topics: '2' })
    const [anew, again] = payloads(await through([sent[0], sent[0]], { unroll: topics }))
    should(payloads({ seen: seen.slice(4, 6) })).eql([anew, again])
    should(kept.sort()).eql(['unroll:unroll', 'unroll:unroll:aside'])
    should(warnings).eql(['unroll.message.fewer', 'unroll.message.evicted'])
  })

  it('of what was predicted is for any memory', () => {
    const after = readMemory({ state: 'carry' } as UnrollConfig)
    should(memoryFromFile(memoryToFile(filled()), after)).equal('other')
    should([after.predicted.open('a'), after.stepsSeen, after.states.size]).eql([1, 4, 0])
  })

  it('without a state is for any memory', async () => {
    const sent = [{ payload: [1], target: [[1], [2], [3]] }, { payload: [1] }]
    const { seen, warnings } = await through(
      sent,
      { unroll: { topology: 'one-to-many' } },
      { state: 'topic', topology: 'one-to-many' },
    )
    should(seen[1].payload).have.length(3)
    should(warnings).eql([])
  })

  const config = { state: 'topic', topics: '3' } as UnrollConfig
  const place = (topic: string) => ({ topic, phase: 'predict', form: 'of a cell' })
  /** Three topics, b heard of last; a window that has ended; a step whose truth is still to come. */
  function filled() {
    const memory = readMemory(config)
    const state = lastState(unroll(sameCell({ type: 'lstm' }), [1, 2], { topology: 'many-to-one' }))
    for (const topic of ['b', 'a', 'c', 'b']) memory.states.write(place(topic), state)
    memory.ended.write(place(''), state)
    const stream = { begins: false, steps: [1], times: [1], truths: [null], horizon: 2 }
    memory.predicted.compare('a', stream, [[0.5]])
    memory.stepsSeen = 4
    return memory
  }

  it('is all that was there, in the order in which topics are forgotten', () => {
    const [before, after] = [filled(), readMemory(config)]
    should(memoryFromFile(memoryToFile(before), after)).equal('all')
    should(memoryToFile(after)).eql(memoryToFile(before))
    should(after.states.entries().map(({ topic }) => topic)).eql(['a', 'c', 'b'])
    should(after.states.read(place('c'))).eql(before.states.read(place('c')))
    should(after.ended.read(place(''))).eql(before.ended.read(place('')))
    should([after.predicted.open('a'), after.stepsSeen]).eql([1, 4])
    after.states.write(place('d'), before.states.read(place('a')) as never)
    should(after.states.read(place('a'))).equal(undefined)
  })

  for (const [what, damage, says] of [
    [
      'rows past the end',
      { rows: '[["states","a","predict","","lstm float64 1 4",4]]' },
      /^expected a row below 4/,
    ],
    ['rows of no tensor', { rows: '[["states","a","predict","","x",0]]' }, /^expected states by topic/],
    [
      'a topic that is no text',
      { rows: '[["states",3,"predict","","lstm float64 1 4",0]]' },
      /^expected states/,
    ],
    ['a detector that is none', { topics: '[["a",{"count":-1},[]]]' }, /^expected a state { count/],
    ['a text that is no JSON', { topics: '{' }, /JSON/],
  ] as const)
    it(`${what} is refused, and nothing has changed`, () => {
      const memory = readMemory(config)
      const file = memoryToFile(filled())
      const damaged = { ...file, metadata: { ...file.metadata, ...damage } }
      should(() => memoryFromFile(damaged, memory)).throw(says)
      should(memoryToFile(memory)).eql(memoryToFile(readMemory(config)))
    })
})
