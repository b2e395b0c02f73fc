/** h_t = φ(W h_{t-1} + U x_t + b) */
import { Arrow, Gate, Operation, Value, Weight } from './parts'

export const Rnn = () => (
  <>
    <Arrow d="M36 80H64" />
    <Arrow d="M94 80H129" />
    <Arrow d="M140 172V150" />
    <Arrow d="M140 124V91" />
    <Arrow d="M140 38V69" />
    <Arrow d="M150 80H185" />
    <Arrow d="M213 80H264" />
    <Value x={18} y={80} name="h" index="t−1" />
    <Value x={140} y={184} name="x" index="t" />
    <Value x={280} y={80} name="h" index="t" />
    <Weight x={80} y={80} name="W" />
    <Weight x={140} y={137} name="U" />
    <Weight x={140} y={26} name="b" />
    <Operation x={140} y={80} sign="+" />
    <Gate x={200} y={80} sign="φ" />
  </>
)
