import type { CellForm, CellType } from './form'
import { gru } from './gru'
import type { CellKind } from './kind'
import { lstm } from './lstm'
import { rnn } from './rnn'

const kinds: Record<CellType, CellKind> = { rnn, gru, lstm }

export const kindOf = ({ type }: Pick<CellForm, 'type'>): CellKind => kinds[type]
