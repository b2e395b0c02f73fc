/**
 * A curve that grows for months in the same memory: when it has become too long, of every two neighbours the one with
 * the larger size stays, so that no peak is lost. Every point that is kept is one that was added.
 */
export interface Curve<P> {
  add(point: P): void
  /** what is kept, in the order of adding; the last is always the one added last */
  points(): P[]
  clear(): void
}

/**
 * @param most points that are kept, an even number
 * @param sizeOf which of two neighbours is worth keeping; NaN counts as the largest
 */
export function curve<P>(most: number, sizeOf: (point: P) => number): Curve<P> {
  let kept: P[] = []
  /** points that each kept one stands for */
  let every = 1
  let bucket: P | undefined
  let inBucket = 0
  let last: P | undefined

  const larger = (a: P, b: P): P => (sizeOf(b) > sizeOf(a) || Number.isNaN(sizeOf(b)) ? b : a)
  const halve = () => {
    kept = kept.filter((_, index) => index % 2 === 0).map((point, pair) => larger(point, kept[2 * pair + 1]))
    every *= 2
  }

  return {
    add(point) {
      last = point
      bucket = bucket === undefined ? point : larger(bucket, point)
      inBucket += 1
      if (inBucket < every) return
      kept.push(bucket)
      bucket = undefined
      inBucket = 0
      if (kept.length === most) halve()
    },
    points() {
      const all = bucket === undefined ? [...kept] : [...kept, bucket]
      if (last !== undefined && all.at(-1) !== last) all.push(last)
      return all
    },
    clear() {
      kept = []
      every = 1
      bucket = undefined
      inBucket = 0
      last = undefined
    },
  }
}
