/** The latest of a row of things, up to a number. */
export interface Ring<T> {
  readonly most: number
  items: T[]
  /** where the oldest is, once the ring is full */
  oldest: number
}

export const ring = <T>(most: number): Ring<T> => ({ most, items: [], oldest: 0 })

/** When the ring is full, the oldest goes. */
export function push<T>(into: Ring<T>, item: T): void {
  const { items, most } = into
  if (items.length < most) {
    items.push(item)
    return
  }
  items[into.oldest] = item
  into.oldest = (into.oldest + 1) % most
}

/** @param place from the oldest, 0 */
export const at = <T>({ items, oldest }: Ring<T>, place: number): T => items[(oldest + place) % items.length]

/** The latest ones, oldest first. */
export function latest<T>(from: Ring<T>, count = from.items.length): T[] {
  const start = from.items.length - count
  const made = new Array<T>(count)
  for (let place = 0; place < count; place++) made[place] = at(from, start + place)
  return made
}

/** All that pass stay, in their order. */
export function keep<T>(of: Ring<T>, passes: (item: T) => boolean): void {
  of.items = latest(of).filter(passes)
  of.oldest = 0
}
