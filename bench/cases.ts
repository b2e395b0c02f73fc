/** The grid: networks, batches and lengths that all sides train. */
export type CellType = 'rnn' | 'gru' | 'lstm'

export interface Case {
  readonly type: CellType
  /** H; inputs and outputs have a quarter of it */
  readonly hidden: number
  /** B */
  readonly batch: number
  /** T */
  readonly steps: number
  /** D = O */
  readonly features: number
}

export const caseOf = (type: CellType, hidden: number, batch: number, steps: number): Case => ({
  type,
  hidden,
  batch,
  steps,
  features: Math.max(1, hidden / 4),
})

export const nameOf = ({ type, hidden, batch, steps }: Case): string =>
  `${type === 'rnn' ? '' : `${type.toUpperCase()} `}${hidden}, ${batch}, ${steps}`

export const grid: readonly Case[] = [
  caseOf('rnn', 8, 1, 20),
  caseOf('rnn', 16, 1, 50),
  caseOf('rnn', 32, 1, 50),
  caseOf('rnn', 32, 16, 50),
  caseOf('rnn', 64, 32, 100),
  caseOf('rnn', 128, 32, 100),
  caseOf('rnn', 256, 64, 100),
  caseOf('rnn', 512, 64, 100),
  caseOf('lstm', 32, 16, 50),
  caseOf('lstm', 128, 32, 100),
  caseOf('gru', 32, 16, 50),
  caseOf('gru', 128, 32, 100),
]

export const quickGrid: readonly Case[] = [
  caseOf('rnn', 8, 1, 20),
  caseOf('rnn', 32, 16, 50),
  caseOf('rnn', 64, 32, 100),
  caseOf('lstm', 32, 16, 50),
  caseOf('gru', 32, 16, 50),
]
