/** The dialog of unroll as options of the library. */
import type { NodeDef } from 'node-red'
import {
  feedNames,
  isFed,
  limitOf,
  numberIn,
  oneOf,
  topologyNames,
  type UnrollOptions,
  wholeWithin,
} from '../../src'
import { numberField, wordField } from '../common/fields'
import { hasTarget, tensorOrValue } from '../common/lazy'
import type { RnnMessage } from '../common/message'
import { tensorOrNested } from '../common/tensors'
import { type Foretold, foretold } from './foretold'
import type { Memory } from './memory'
import { stateFromMessage } from './state-message'
import { type StateStore, stateModes, stateStore, usualTopics } from './state-store'

export interface UnrollConfig extends NodeDef {
  topology?: string
  steps?: string
  feed?: string
  teacherForcing?: string
  state?: string
  topics?: string
  store?: string
  pastEnd?: string
  checkpoint?: boolean
  originalUnits?: boolean
  anomalyBand?: string
  anomalyMemory?: string
  anomalyWarmUp?: string
  alwaysTape?: boolean
}

/** Only the fields of the chosen topology are read: what a hidden one holds does not matter. */
export function readUnrollOptions(config: UnrollConfig) {
  const topology = oneOf('topology', wordField(config.topology, 'many-to-one'), topologyNames)
  const steps = numberField('steps', config.steps)
  return {
    topology,
    pastEnd: oneOf('past the end', wordField(config.pastEnd, 'zero'), ['zero', 'hold']),
    checkpoint: config.checkpoint ?? false,
    ...(isFed(topology) && {
      ...(steps !== undefined && { steps: wholeWithin('steps', steps, 1, 'maxSteps') }),
      feed: oneOf('feed', wordField(config.feed, 'zeros'), feedNames),
      teacherForcing: numberIn(
        'teacher forcing',
        numberField('teacher forcing', config.teacherForcing) ?? 0,
        {
          min: 0,
          max: 1,
        },
      ),
    }),
  } satisfies UnrollOptions
}

export const readMemory = (config: UnrollConfig): Memory => ({
  states: readStateStore(config),
  ended: readEnds(config),
  predicted: readForetold(config),
})

function readStateStore({ state, topics }: UnrollConfig): StateStore {
  const mode = oneOf('state', wordField(state, 'fresh'), stateModes)
  return stateStore(mode, mode === 'topic' ? numberField('topics', topics) : undefined)
}

/** Where windows have ended, if there are memories at all: predictions that begin with zeros go with windows that do. */
const readEnds = ({ state }: UnrollConfig): StateStore =>
  stateStore(wordField(state, 'fresh') === 'fresh' ? 'fresh' : 'carry')

/** As many topics as memories are kept of, or may be. */
function readForetold(config: UnrollConfig): Foretold {
  const { state, topics, anomalyBand, anomalyMemory, anomalyWarmUp } = config
  const options = {
    band: numberField('band', anomalyBand),
    memory: numberField('memory', anomalyMemory),
    warmUp: numberField('warmUp', anomalyWarmUp),
  }
  const most = state === 'topic' ? numberField('topics', topics) : undefined
  return foretold(options, most ?? Math.min(usualTopics, limitOf('maxTopics')))
}

/**
 * What a message adds to the options: its lengths, its state, and for steps that are fed its target. Only what is to be
 * learned from is forced: to validate and to predict the network goes on by itself.
 */
export function optionsOfMessage(
  msg: RnnMessage,
  { topology, teacherForcing }: ReturnType<typeof readUnrollOptions>,
): UnrollOptions {
  const { sequence } = msg
  const learns = hasTarget(msg) && (sequence?.phase ?? 'train') === 'train'
  return {
    initialState: stateFromMessage(msg.initialState),
    lengths: sequence?.lengths,
    mask: tensorOrNested(sequence?.mask, 'msg.sequence.mask'),
    ...(isFed(topology) && {
      targetLengths: sequence?.targetLengths,
      targets: tensorOrNested(tensorOrValue(msg, 'target'), 'msg.target'),
      teacherForcing: learns ? teacherForcing : 0,
      seed: sequence?.step ?? 1,
    }),
  }
}
