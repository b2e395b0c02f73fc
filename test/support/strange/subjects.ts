/** The six nodes in all the loops of chains.ts, each with the good messages of its place. */
import type { RnnMessage } from '../../../nodes/common/message'
import { chains, messagesOf, type Stage, stages, typeOf } from './chains'
import type { Live, Subject } from './twins'

/** What a person may send by hand, beside what goes round. */
const byHand: Readonly<Record<Stage, readonly object[]>> = {
  source: [
    {},
    { reset: true },
    { reset: true, topic: 'first' },
    { control: 'pause' },
    { control: 'resume' },
    { control: 'step' },
    { control: 'stop' },
    { freeze: true },
    { freeze: false, topic: 'first' },
    { payload: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    { payload: 'a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n' },
    { payload: { a: 1, b: 2, time: 2_000_000 }, topic: 'third' },
    {
      payload: [
        { a: 1, b: 2, time: 3_000_000 },
        { a: 1, b: 2, time: '2026-01-01T00:00:00Z' },
      ],
    },
  ],
  cell: [
    { reset: true },
    { export: 'json' },
    { export: 'safetensors', filename: 'x' },
    { export: { format: 'onnx', scaleInside: true } },
    { restore: 'best' },
    { parameters: { b: [0, 0, 0] } },
    {
      parameters: {
        W: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    },
    {
      payload: [
        [1, 2],
        [3, 4],
      ],
    },
    { payload: [0.5, 1, 2] },
  ],
  unroll: [{ reset: true }, { reset: true, topic: 'first' }],
  bptt: [{ reset: true }, { sequence: { phase: 'predict' } }],
  clip: [{ reset: true }, { sequence: { phase: 'validate' } }],
  optimizer: [{ reset: true }, { sequence: { phase: 'validate' }, loss: 1 }],
}

/** A message of the loop again, as the next of it would be. */
function next(msg: RnnMessage, { run, step, version }: Live, stage: Stage): RnnMessage {
  const { sequence, cell } = msg
  if (sequence?.run !== undefined) {
    if (stage === 'source') sequence.run = run ?? sequence.run
    else if (sequence.phase === 'train') sequence.step = step
  }
  if (stage === 'cell' && cell && msg.update) cell.version = version
  if (stage === 'cell' && msg.validation && cell) cell.version = version
  if (stage === 'source' && 'time' in msg) Object.assign(msg, { time: 2_000_000 + 500 * step })
  return msg
}

/** So many of a hundred good messages come as they were, older than they seem. */
const asTheyWere = 10

export async function allSubjects(): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (const chain of chains) {
    const seen = await messagesOf(chain)
    for (const stage of stages) {
      const messages = [...seen[stage], ...seen[stage], ...byHand[stage]]
      subjects.push({
        name: `${typeOf[stage]} of ${chain.name}`,
        type: typeOf[stage],
        config: chain[stage] ?? {},
        share: chain.share ?? 1,
        good(choice, live) {
          const { sequence, cell, ...rest } = messages[choice % messages.length] as RnnMessage
          const msg = {
            ...rest,
            ...(sequence && { sequence: { ...sequence } }),
            ...(cell && { cell: { ...cell } }),
          }
          return choice % 100 < asTheyWere ? msg : next(msg as RnnMessage, live, stage)
        },
      })
    }
  }
  return subjects
}
