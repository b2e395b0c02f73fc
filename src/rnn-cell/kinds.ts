import type { CellForm, CellType } from './form'
import { gru } from './gru'
import type { CellKind } from './kind'
import { lstm } from './lstm'
import { rnn } from './rnn'

const kinds: Record<CellType, CellKind> = { rnn, gru, lstm }

export const kindOf = ({ type }: Pick<CellForm, 'type'>): CellKind => kinds[type]

/** The gates of a type of cell, in the order in which they are stacked along the rows. */
export const gatesOf = (form: Pick<CellForm, 'type'>): readonly string[] => kindOf(form).gates
