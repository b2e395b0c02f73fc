/**
 * Vectors of 128 bits: four numbers of float32 or two of float64. A function with T is compiled once for each.
 * Pointers are offsets in bytes.
 */

/** numbers in a vector */
@inline export function lanes<T>(): i32 {
  return 16 / <i32>sizeof<T>()
}

/** a · b + c, rounded once in the relaxed build where the machine can */
@inline export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c)
  return v128.add<T>(v128.mul<T>(a, b), c)
}

/** bytes that `count` numbers take */
@inline export function bytes<T>(count: i32): usize {
  return (<usize>count) << alignof<T>()
}

@inline export function zeros(): v128 {
  return i32x4.splat(0)
}

/** The first `count` numbers of a vector (up to all of them); the others become 0 and are not read. */
export function loadPart<T>(from: usize, count: i32): v128 {
  if (count >= lanes<T>()) return v128.load(from)
  if (sizeof<T>() == 8) return count == 1 ? v128.load64_zero(from) : zeros()
  if (count <= 0) return zeros()
  if (count == 1) return v128.load32_zero(from)
  const two = v128.load64_zero(from)
  return count == 2 ? two : v128.load_lane<u32>(from, two, 2, 8)
}

/** Stores the first `count` numbers of a vector, up to all of them. */
export function storePart<T>(to: usize, value: v128, count: i32): void {
  if (count >= lanes<T>()) {
    v128.store(to, value)
  } else if (sizeof<T>() == 8) {
    if (count == 1) v128.store64_lane(to, value, 0)
  } else if (count > 0) {
    if (count == 1) {
      v128.store32_lane(to, value, 0)
    } else {
      v128.store64_lane(to, value, 0)
      if (count == 3) v128.store32_lane(to, value, 2, 8)
    }
  }
}
