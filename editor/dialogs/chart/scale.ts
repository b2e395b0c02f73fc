/** From numbers to places in a picture. */

export interface Range {
  readonly from: number
  readonly to: number
}

/** The finite numbers' range; of none or a single number one with that in its middle. */
export function rangeOf(numbers: readonly (number | null)[]): Range {
  const finite = numbers.filter((number) => number !== null).filter(Number.isFinite)
  if (finite.length === 0) return { from: 0, to: 1 }
  const from = finite.reduce((least, number) => Math.min(least, number), finite[0])
  const to = finite.reduce((most, number) => Math.max(most, number), finite[0])
  const half = Math.max(Math.abs(from) / 2, 0.5)
  return from < to ? { from, to } : { from: from - half, to: to + half }
}

/** Linear, from a range of numbers to one of places, which may run the other way. */
export const placeIn =
  (range: Range, first: number, last: number) =>
  (number: number): number =>
    first + ((last - first) * (number - range.from)) / (range.to - range.from)

/** Round numbers within a range: multiples of 1, 2 or 5 times a power of ten, `most` of them or fewer. */
export function ticks({ from, to }: Range, most: number): number[] {
  const rough = (to - from) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => fits(from, to, size, most))
  if (step === undefined) return []
  const first = Math.ceil(from / step)
  return Array.from({ length: count(from, to, step) }, (_, index) => (first + index) * step)
}

const count = (from: number, to: number, step: number) => Math.floor(to / step) - Math.ceil(from / step) + 1
const fits = (from: number, to: number, step: number, most: number) => count(from, to, step) <= most

/** An SVG path through points; it breaks off where one of them is no number. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  let isDrawing = false
  return points
    .map(([x, y]) => {
      const isThere = Number.isFinite(x) && Number.isFinite(y)
      const command = isThere ? `${isDrawing ? 'L' : 'M'}${tenths(x)} ${tenths(y)}` : ''
      isDrawing = isThere
      return command
    })
    .join('')
}

export const tenths = (place: number): number => Math.round(place * 10) / 10
