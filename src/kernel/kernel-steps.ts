/** The part of the kernel that takes the steps of a cell, forward and back. Pointers and strides are as in kernel.ts. */

/**
 * `steps` steps forward. `hidden` (`cellState`) points to the state before the first step; the state after a step is
 * one stride further on. `w` is [G, H]. `present` points to one byte a sequence for each step, or is 0: where it is 0 the state stays.
 * `clip` is Infinity for none.
 */
export interface StepsForward {
  /**
   * h_t = φ(W h_{t-1} + a_t)
   *
   * @param a U x_t + b for each step [B, H]; may be the very place of h_t
   */
  rnnForward(
    steps: number,
    batch: number,
    size: number,
    w: number,
    a: number,
    aStride: number,
    hidden: number,
    hiddenStride: number,
    activation: number,
    clip: number,
    present: number,
    presentStride: number,
    scratch: number,
  ): void
  /**
   * @param p peepholes [3H] (i f o), or 0
   * @param gates U x_t + b for each step [B, 4H]; on return the gates
   * @param squashed on return φ(c_t) of each step [B, H]
   */
  lstmForward(
    steps: number,
    batch: number,
    size: number,
    w: number,
    p: number,
    gates: number,
    gatesStride: number,
    hidden: number,
    hiddenStride: number,
    cellState: number,
    cellStateStride: number,
    squashed: number,
    squashedStride: number,
    activation: number,
    gateActivation: number,
    clip: number,
    present: number,
    presentStride: number,
    scratch: number,
  ): void
  /**
   * @param bn [H], the recurrent bias of n when the reset comes after the product
   * @param resetAfter 1, or 0 for the reset before the product
   * @param gates U x_t + b for each step [B, 3H]; on return the gates
   * @param inner on return, of each step [B, H]: W_n h_{t-1} + bn if the reset comes after, r ∘ h_{t-1} if before
   */
  gruForward(
    steps: number,
    batch: number,
    size: number,
    w: number,
    bn: number,
    resetAfter: number,
    gates: number,
    gatesStride: number,
    inner: number,
    innerStride: number,
    hidden: number,
    hiddenStride: number,
    activation: number,
    gateActivation: number,
    clip: number,
    present: number,
    presentStride: number,
    scratch: number,
  ): void
}

/**
 * The same steps backwards: every pointer is that of the last step of the way forward, every stride that of the way
 * back.
 *
 * - `external` ∂L_t/∂h_t [B, H] of each step, at its true size, or 0 for none at all.
 * - `carried` [B, H], in and out: ∂L/∂h after the last step of the way forward without `external`; on return ∂L/∂h
 *   before the first one. `carriedCell` likewise ∂L/∂c. If `keepLast` is 0 nobody asks for what is returned, and it need
 *   not be computed.
 * - The gradient is carried as numbers times a power of two ≤ 1, so that a vanishing one stays readable: a number x of
 *   step i (counted from 0 in the order of the way back) stands for x · 2^exponents[i]. exponents int32 [steps + 1];
 *   entry 0 is given and belongs to `carried`, the last is that of `carried` on return. Exponents are ≤ 0. When the
 *   gradient is small (Σ x² under `smallest`) after a step it is scaled up by an exact power of two to near 1; when
 *   an external gradient that is not all zero meets a negative exponent, what is carried is scaled down to exponent 0
 *   first.
 * - `delta` [B, G] of each step: ∂L/∂(U x_t + b), under exponents[i].
 * - `norms` float64 [steps, 2]: Σ (∂L/∂h_t)² (+ Σ (∂L/∂c_t)²) with `external`, and the same of what is carried on to the
 *   step before, both under exponents[i]; the latter is 0 for the last step of the way back if `keepLast` is 0.
 * - A sequence that is not present passes its gradient on as it is, with delta 0.
 *
 * @returns 0, or 1 if a Σ x² left the range up to `largest` or is NaN: then nothing that was written counts
 */
export interface StepsBackward {
  /** @param after h_t of each step */
  rnnBackward(
    steps: number,
    batch: number,
    size: number,
    w: number,
    after: number,
    afterStride: number,
    activation: number,
    clip: number,
    external: number,
    externalStride: number,
    delta: number,
    deltaStride: number,
    carried: number,
    norms: number,
    exponents: number,
    present: number,
    presentStride: number,
    keepLast: number,
    scratch: number,
  ): number
  /**
   * @param gates as lstmForward left them, likewise `squashed`
   * @param cellBefore c_{t-1} of each step
   */
  lstmBackward(
    steps: number,
    batch: number,
    size: number,
    w: number,
    p: number,
    gates: number,
    gatesStride: number,
    squashed: number,
    squashedStride: number,
    cellBefore: number,
    cellBeforeStride: number,
    activation: number,
    gateActivation: number,
    clip: number,
    external: number,
    externalStride: number,
    delta: number,
    deltaStride: number,
    carried: number,
    carriedCell: number,
    norms: number,
    exponents: number,
    present: number,
    presentStride: number,
    keepLast: number,
    scratch: number,
  ): number
  /**
   * @param before h_{t-1} of each step
   * @param innerDelta ∂L/∂(W_n h_{t-1} + bn) [B, H] of each step, written if the reset comes after; otherwise 0
   */
  gruBackward(
    steps: number,
    batch: number,
    size: number,
    w: number,
    resetAfter: number,
    gates: number,
    gatesStride: number,
    inner: number,
    innerStride: number,
    before: number,
    beforeStride: number,
    activation: number,
    gateActivation: number,
    clip: number,
    external: number,
    externalStride: number,
    delta: number,
    deltaStride: number,
    innerDelta: number,
    innerDeltaStride: number,
    carried: number,
    norms: number,
    exponents: number,
    present: number,
    presentStride: number,
    keepLast: number,
    scratch: number,
  ): number
}
