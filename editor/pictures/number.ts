/** Numbers as a person reads them. */
import { say } from '../say'

const minus = (text: string) => text.replaceAll('-', '−')

/** @param digits how many count */
export function show(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return say('number.none')
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e5 || size < 1e-3) return minus(value.toExponential(digits - 1).replace('e+', 'e'))
  return minus(String(Number(value.toPrecision(digits))))
}

/** A figure of a step: null is one that is not finite. */
export const showFigure = (value: number | null | undefined): string =>
  value === null ? say('state.nonfinite') : show(value)

/** e^log, where it may be far outside of what a number holds. */
export function showPower(log: number | null): string {
  if (log === null) return say('number.none')
  const decades = log / Math.LN10
  return Math.abs(decades) < 5 ? show(Math.exp(log)) : `10^${minus(decades.toFixed(1))}`
}

export function showTime(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 90) return say('time.seconds', { count: whole })
  const minutes = Math.round(whole / 60)
  return minutes < 90
    ? say('time.minutes', { count: minutes })
    : say('time.hours', { count: Math.round(minutes / 6) / 10 })
}
