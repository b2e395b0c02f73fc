/** Checks of options that several tasks share. */
import { numberIn, oneOf } from '../expected'
import { wholeWithin } from '../limits'
import type { TargetsPer } from './task'

export const wholeIn = (name: string, value: number, min: number, max = 10_000_000): number =>
  numberIn(name, value, { min, max, integer: true })

/** T of a task that needs at least `min` steps. */
export const lengthFrom = (min: number, length: number): number =>
  wholeWithin('length', length, min, 'maxSteps')

export const targetsPerIn = (value: TargetsPer): TargetsPer =>
  oneOf('targetsPer', value, ['sequence', 'step'])

export const validationSplitIn = (value: number): number =>
  numberIn('validationSplit', value, { min: 0, max: 0.9 })
