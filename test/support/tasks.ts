/** The tasks of sequence-source, small: data for those that need some, and the numbers that each can be told. */
import { type SourceOptions, type TaskName, taskOptions } from '../../src'

const csv = `walk,a,b\n${Array.from({ length: 40 }, (_, row) => `${Math.floor(row / 8)},${row % 7},${row % 2}`).join('\n')}\n`
const letters = 'the quick brown fox jumps over the lazy dog. '.repeat(3)

export const small = (task: TaskName): SourceOptions => ({
  task,
  ...(task === 'dataset' && { data: csv }),
  ...(task === 'text' && { text: letters }),
})

const numbers = [
  'length',
  'horizon',
  'stride',
  'symbols',
  'remember',
  'delay',
  'components',
  'tau',
  'noise',
  'epochSize',
] as const
type NumberName = (typeof numbers)[number] | 'batch' | 'validationSplit' | 'seed'

export const numbersOf = (task: TaskName): NumberName[] => [
  ...numbers.filter((option) => taskOptions[task].includes(option)),
  'batch',
  'validationSplit',
  'seed',
]
