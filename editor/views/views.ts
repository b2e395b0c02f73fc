/** The views of the sidebar, in the order in which a person meets them. */
import type { ComponentType } from 'preact'
import type { LoopState } from '../loop/feed'
import { CreditView } from './credit'
import { TheSum } from './the-sum'
import { ThroughTime } from './through-time'
import { Training } from './training'
import { Weights } from './weights'

export const views = {
  training: Training,
  through: ThroughTime,
  sum: TheSum,
  credit: CreditView,
  weights: Weights,
} satisfies Record<string, ComponentType<{ state: LoopState }>>

export type ViewName = keyof typeof views
export const viewNames = Object.keys(views) as ViewName[]
