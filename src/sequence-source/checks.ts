/** Checks of options that several tasks share. */
import { numberIn, oneOf } from '../expected'
import type { TargetsPer } from './task'

export const wholeIn = (name: string, value: number, min: number, max = 10_000_000): number =>
  numberIn(name, value, { min, max, integer: true })

/** T of a task that needs at least `min` steps. */
export const lengthFrom = (min: number, length: number): number => wholeIn('length', length, min, 100_000)

export const targetsPerIn = (value: TargetsPer): TargetsPer =>
  oneOf('targetsPer', value, ['sequence', 'step'])

export const validationSplitIn = (value: number): number =>
  numberIn('validationSplit', value, { min: 0, max: 0.9 })
