/** The network written out as a chain: x below, h, o above; an answer that is fed on is dashed. */
import { Tip } from '../common/tip'
import type { DrawnStep } from './plan'

const tipId = 'rnn-unroll-tip'

const [boxWidth, boxHeight] = [30, 24]
const [outputs, states, inputs] = [4, 50, 96]
const left = (step: number) => 6 + 56 * (step - 1)
const middle = (step: number) => left(step) + boxWidth / 2

const Box = ({ step, top, name }: { step: number; top: number; name: 'x' | 'h' | 'o' }) => (
  <g>
    <rect
      class={`rnn-${name}`}
      x={left(step)}
      y={top}
      width={boxWidth}
      height={boxHeight}
      rx={name === 'h' ? 4 : 12}
    />
    <text x={middle(step)} y={top + 15}>
      {name}
      <tspan class="rnn-index" dy={4}>
        {step}
      </tspan>
    </text>
  </g>
)

const Arrow = ({ d, kind = '' }: { d: string; kind?: string }) => (
  <path class={`rnn-wire ${kind}`} d={d} marker-end={`url(#${tipId})`} />
)

const Step = ({ step, hasInput, hasOutput, isFedBack }: DrawnStep) => (
  <g>
    {step > 1 && <Arrow d={`M${left(step - 1) + boxWidth} ${states + boxHeight / 2}H${left(step) - 1}`} />}
    {hasInput && <Arrow d={`M${middle(step)} ${inputs}V${states + boxHeight + 1}`} />}
    {hasOutput && <Arrow d={`M${middle(step)} ${states}V${outputs + boxHeight + 1}`} />}
    {isFedBack && (
      <Arrow
        kind="rnn-fed"
        d={`M${left(step - 1) + boxWidth} ${outputs + boxHeight / 2}L${left(step) + 3} ${states - 2}`}
      />
    )}
    <Box step={step} top={states} name="h" />
    {hasInput && <Box step={step} top={inputs} name="x" />}
    {hasOutput && <Box step={step} top={outputs} name="o" />}
  </g>
)

interface PictureProps {
  readonly steps: readonly DrawnStep[]
  readonly title: string
  readonly description: string
}

export const Picture = ({ steps, title, description }: PictureProps) => (
  <svg
    role="img"
    aria-labelledby="rnn-unroll-title rnn-unroll-description"
    width={left(steps.length) + boxWidth + 6}
    height={inputs + boxHeight + 4}
  >
    <title id="rnn-unroll-title">{title}</title>
    <desc id="rnn-unroll-description">{description}</desc>
    <defs>
      <Tip id={tipId} />
    </defs>
    {steps.map((step) => (
      <Step key={step.step} {...step} />
    ))}
  </svg>
)
