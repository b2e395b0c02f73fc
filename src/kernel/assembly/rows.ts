/** What the passes over the rows of a step have in common. */
import { activated, derivative, limitedActivated, limitedDerivative } from './activation'
import { bytes, lanes, loadPart, storePart } from './lanes'

/** a vector, or the `count` numbers at the end of a row */
@inline export function take<T>(from: usize, count: i32, isWhole: bool): v128 {
  return isWhole ? v128.load(from) : loadPart<T>(from, count)
}

@inline export function put<T>(to: usize, value: v128, count: i32, isWhole: bool): void {
  if (isWhole) v128.store(to, value)
  else storePart<T>(to, value, count)
}

@inline export function isAbsent(present: usize, row: i32): bool {
  return present != 0 && load<u8>(present + row) == 0
}

function anyActivated<T>(a: v128, code: i32, limit: v128): v128 {
  return limitedActivated<T>(a, code, limit)
}

function anyDerivative<T>(h: v128, code: i32, lowest: v128, highest: v128): v128 {
  return limitedDerivative<T>(h, code, lowest, highest)
}

/** φ(a): in the code of the pass where it is the usual one, of a literal code without limit, or else by a call */
@inline export function phi<T>(a: v128, code: i32, isUsual: bool, limit: v128): v128 {
  return isUsual ? activated<T>(a, code) : anyActivated<T>(a, code, limit)
}

/** φ'(a), h being φ(a), likewise */
@inline export function slope<T>(h: v128, code: i32, isUsual: bool, lowest: v128, highest: v128): v128 {
  return isUsual ? derivative<T>(h, code) : anyDerivative<T>(h, code, lowest, highest)
}

/** Where a sequence is not present, its state after a step is that before. */
export function keepAbsent<T>(after: usize, before: usize, batch: i32, size: i32, present: usize): void {
  for (let row = 0; row < batch; row++) {
    const at = bytes<T>(row * size)
    if (isAbsent(present, row)) memory.copy(after + at, before + at, bytes<T>(size))
  }
}

/** the next multiple of 64 */
@inline export function aligned(pointer: usize): usize {
  return (pointer + 63) & ~63
}

/** φ(clip) in every lane */
@inline export function limitOf<T>(clip: f64, code: i32): v128 {
  return activated<T>(v128.splat<T>(<T>clip), code)
}

/** out = a + b, b being 0 for none */
export function sumRow<T>(out: usize, a: usize, b: usize, count: i32): void {
  if (b == 0) {
    memory.copy(out, a, bytes<T>(count))
    return
  }
  for (; count > 0; count -= lanes<T>()) {
    storePart<T>(out, v128.add<T>(loadPart<T>(a, count), loadPart<T>(b, count)), count)
    out += 16
    a += 16
    b += 16
  }
}
