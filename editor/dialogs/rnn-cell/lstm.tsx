/** c_t = f ∘ c_{t-1} + i ∘ g on top, h_t = o ∘ φ(c_t) beneath; with peepholes the gates see c too. */
import { Arrow, Gate, Operation, Value, Wire } from './parts'

const gates = [
  { x: 78, sign: 'σ', name: 'f' },
  { x: 124, sign: 'σ', name: 'i' },
  { x: 168, sign: 'φ', name: 'g' },
  { x: 212, sign: 'σ', name: 'o' },
]

export const Lstm = ({ peepholes }: { peepholes: boolean }) => (
  <>
    <Arrow d="M32 24H68" />
    <Arrow d="M88 24H136" />
    <Arrow d="M156 24H270" />
    <Arrow d="M78 118V34" />
    <Wire d="M124 118V78" />
    <Arrow d="M124 78H136" />
    <Wire d="M168 118V78" />
    <Arrow d="M168 78H156" />
    <Arrow d="M146 68V34" />
    <Wire d="M212 118V96" />
    <Arrow d="M212 96H238" />
    <Arrow d="M248 24V42" />
    <Arrow d="M248 68V86" />
    <Wire d="M248 106V170" />
    <Arrow d="M248 170H270" />
    <Wire d="M32 170H212" />
    <Wire d="M56 192V170" />
    {gates.map(({ x, name }) => (
      <Arrow key={name} d={`M${x} 170V144`} />
    ))}
    {peepholes && <Peepholes />}
    <Value x={16} y={24} name="c" index="t−1" />
    <Value x={284} y={24} name="c" index="t" />
    <Value x={16} y={170} name="h" index="t−1" />
    <Value x={56} y={202} name="x" index="t" />
    <Value x={284} y={170} name="h" index="t" />
    <Operation x={78} y={24} sign="×" />
    <Operation x={146} y={24} sign="+" />
    <Operation x={146} y={78} sign="×" />
    <Operation x={248} y={96} sign="×" />
    <Gate x={248} y={55} sign="φ" />
    {gates.map((gate) => (
      <Gate key={gate.name} y={131} {...gate} />
    ))}
  </>
)

/** p ∘ c_{t-1} into f and i, p ∘ c_t into o. */
const Peepholes = () => (
  <>
    <Wire kind="rnn-peephole" d="M48 24V136" />
    <Arrow kind="rnn-peephole" d="M48 136H64" />
    <Wire kind="rnn-peephole" d="M48 104H100V136" />
    <Arrow kind="rnn-peephole" d="M100 136H110" />
    <Wire kind="rnn-peephole" d="M190 24V136" />
    <Arrow kind="rnn-peephole" d="M190 136H198" />
    <text class="rnn-letter" x={41} y={66}>
      p
    </text>
  </>
)
