/**
 * h_t = (1-z) ∘ n + z ∘ h_{t-1}: on top what is kept, under it what is new. The reset gate r multiplies after the product
 * with W, or before it.
 */
import { Arrow, Gate, Operation, Value, Weight, Wire } from './parts'

export function Gru({ resetAfter }: { resetAfter: boolean }) {
  const weight = resetAfter ? { x: 74, name: 'W,bn', width: 40 } : { x: 108, name: 'W', width: 26 }
  const reset = resetAfter ? 118 : 70
  const [first, second] = resetAfter ? [weight.x - 20, reset - 9] : [reset - 9, weight.x - 13]
  const firstEnd = resetAfter ? weight.x + 20 : reset + 9
  const secondEnd = resetAfter ? reset + 9 : weight.x + 13
  return (
    <>
      <Arrow d="M32 28H170" />
      <Arrow d="M190 28H239" />
      <Arrow d="M260 28H270" />
      <Wire d="M38 28V178H210" />
      <Arrow d={`M38 84H${first - 1}`} />
      <Arrow d={`M${firstEnd} 84H${second - 1}`} />
      <Arrow d={`M${secondEnd} 84H141`} />
      <Arrow d="M169 84H204" />
      <Arrow d="M224 84H250V39" />
      <Wire d="M30 196H220" />
      <Arrow d="M156 196V97" />
      <Arrow d={`M${reset - 5} 178V157`} />
      <Arrow d={`M${reset + 5} 196V157`} />
      <Arrow d={`M${reset} 131V94`} />
      <Arrow d="M209 178V157" />
      <Arrow d="M219 196V157" />
      <Arrow d="M214 131V122" />
      <Arrow d="M214 103V94" />
      <Arrow d="M214 127H180V39" />
      <Value x={16} y={28} name="h" index="t−1" />
      <Value x={16} y={196} name="x" index="t" />
      <Value x={284} y={28} name="h" index="t" />
      <Operation x={180} y={28} sign="×" />
      <Operation x={250} y={28} sign="+" />
      <Weight y={84} {...weight} />
      <Operation x={reset} y={84} sign="×" />
      <Gate x={156} y={84} sign="φ" name="n" />
      <Operation x={214} y={84} sign="×" />
      <Operation x={214} y={112} sign="1−" />
      <Gate x={reset} y={144} sign="σ" name="r" />
      <Gate x={214} y={144} sign="σ" name="z" />
    </>
  )
}
