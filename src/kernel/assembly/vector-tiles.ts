/**
 * A row times panels. One panel alone has two sums, too few to hide the time that one multiplication and addition takes:
 * so four panels go at once, or k is split over more sums.
 */
import { multiplyAdd, zeros } from './lanes'
import { panelWidth } from './panels'
import { finish } from './tiles'

/** Four panels that begin `panel` bytes apart, their rows bStep; the last one may be cut off by `columns`. */
@inline function fourPanels<T>(
  out: usize, initial: usize, a: usize, b: usize, bStep: usize, panel: usize, columns: i32, k: i32,
): void {
  let c0 = zeros(), c1 = zeros(), c2 = zeros(), c3 = zeros(), c4 = zeros(), c5 = zeros(), c6 = zeros(), c7 = zeros()
  let b1 = b + panel
  let b2 = b1 + panel
  let b3 = b2 + panel
  for (; k > 0; k--) {
    const x = v128.load_splat<T>(a)
    c0 = multiplyAdd<T>(x, v128.load(b), c0)
    c1 = multiplyAdd<T>(x, v128.load(b, 16), c1)
    c2 = multiplyAdd<T>(x, v128.load(b1), c2)
    c3 = multiplyAdd<T>(x, v128.load(b1, 16), c3)
    c4 = multiplyAdd<T>(x, v128.load(b2), c4)
    c5 = multiplyAdd<T>(x, v128.load(b2, 16), c5)
    c6 = multiplyAdd<T>(x, v128.load(b3), c6)
    c7 = multiplyAdd<T>(x, v128.load(b3, 16), c7)
    a += sizeof<T>()
    b += bStep
    b1 += bStep
    b2 += bStep
    b3 += bStep
  }
  const width = panelWidth<T>()
  finish<T>(out, initial, c0, c1, width)
  finish<T>(out + 32, initial ? initial + 32 : 0, c2, c3, width)
  finish<T>(out + 64, initial ? initial + 64 : 0, c4, c5, width)
  finish<T>(out + 96, initial ? initial + 96 : 0, c6, c7, columns - 3 * width)
}

/** Two panels, even and odd k in sums of their own. */
@inline function twoPanels<T>(
  out: usize, initial: usize, a: usize, b: usize, bStep: usize, panel: usize, columns: i32, k: i32,
): void {
  let c0 = zeros(), c1 = zeros(), c2 = zeros(), c3 = zeros(), d0 = zeros(), d1 = zeros(), d2 = zeros(), d3 = zeros()
  let b1 = b + panel
  for (; k >= 2; k -= 2) {
    const x = v128.load_splat<T>(a)
    c0 = multiplyAdd<T>(x, v128.load(b), c0)
    c1 = multiplyAdd<T>(x, v128.load(b, 16), c1)
    c2 = multiplyAdd<T>(x, v128.load(b1), c2)
    c3 = multiplyAdd<T>(x, v128.load(b1, 16), c3)
    b += bStep
    b1 += bStep
    const y = v128.load_splat<T>(a, sizeof<T>())
    d0 = multiplyAdd<T>(y, v128.load(b), d0)
    d1 = multiplyAdd<T>(y, v128.load(b, 16), d1)
    d2 = multiplyAdd<T>(y, v128.load(b1), d2)
    d3 = multiplyAdd<T>(y, v128.load(b1, 16), d3)
    b += bStep
    b1 += bStep
    a += 2 * sizeof<T>()
  }
  if (k > 0) {
    const x = v128.load_splat<T>(a)
    c0 = multiplyAdd<T>(x, v128.load(b), c0)
    c1 = multiplyAdd<T>(x, v128.load(b, 16), c1)
    c2 = multiplyAdd<T>(x, v128.load(b1), c2)
    c3 = multiplyAdd<T>(x, v128.load(b1, 16), c3)
  }
  const width = panelWidth<T>()
  finish<T>(out, initial, v128.add<T>(c0, d0), v128.add<T>(c1, d1), width)
  const next = initial ? initial + 32 : 0
  finish<T>(out + 32, next, v128.add<T>(c2, d2), v128.add<T>(c3, d3), columns - width)
}

/** One panel, every fourth k in sums of its own. */
@inline function onePanel<T>(out: usize, initial: usize, a: usize, b: usize, bStep: usize, columns: i32, k: i32): void {
  let c0 = zeros(), c1 = zeros(), d0 = zeros(), d1 = zeros(), e0 = zeros(), e1 = zeros(), f0 = zeros(), f1 = zeros()
  for (; k >= 4; k -= 4) {
    const x = v128.load_splat<T>(a)
    c0 = multiplyAdd<T>(x, v128.load(b), c0)
    c1 = multiplyAdd<T>(x, v128.load(b, 16), c1)
    b += bStep
    const y = v128.load_splat<T>(a, sizeof<T>())
    d0 = multiplyAdd<T>(y, v128.load(b), d0)
    d1 = multiplyAdd<T>(y, v128.load(b, 16), d1)
    b += bStep
    const z = v128.load_splat<T>(a, 2 * sizeof<T>())
    e0 = multiplyAdd<T>(z, v128.load(b), e0)
    e1 = multiplyAdd<T>(z, v128.load(b, 16), e1)
    b += bStep
    const w = v128.load_splat<T>(a, 3 * sizeof<T>())
    f0 = multiplyAdd<T>(w, v128.load(b), f0)
    f1 = multiplyAdd<T>(w, v128.load(b, 16), f1)
    b += bStep
    a += 4 * sizeof<T>()
  }
  for (; k > 0; k--) {
    const x = v128.load_splat<T>(a)
    c0 = multiplyAdd<T>(x, v128.load(b), c0)
    c1 = multiplyAdd<T>(x, v128.load(b, 16), c1)
    b += bStep
    a += sizeof<T>()
  }
  const low = v128.add<T>(v128.add<T>(c0, d0), v128.add<T>(e0, f0))
  const high = v128.add<T>(v128.add<T>(c1, d1), v128.add<T>(e1, f1))
  finish<T>(out, initial, low, high, columns)
}

/** out[n] = initial[n] + a[k] · b[k, n]; panels of b begin `panel` bytes apart, their rows bStep. */
export function vectorTimesPanels<T>(
  out: usize, initial: usize, a: usize, b: usize, bStep: usize, panel: usize, n: i32, k: i32,
): void {
  const width = panelWidth<T>()
  while (n > 0) {
    let taken = 1
    if (n > 3 * width) {
      taken = 4
      fourPanels<T>(out, initial, a, b, bStep, panel, n, k)
    } else if (n > width) {
      taken = 2
      twoPanels<T>(out, initial, a, b, bStep, panel, n, k)
    } else {
      onePanel<T>(out, initial, a, b, bStep, n, k)
    }
    n -= taken * width
    const next = <usize>(32 * taken)
    out += next
    if (initial) initial += next
    b += <usize>taken * panel
  }
}
