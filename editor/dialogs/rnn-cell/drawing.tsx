/** The cell as textbooks draw it. */
import type { CellForm } from '../../../src/rnn-cell/form'
import { Tip } from '../common/tip'
import { Gru } from './gru'
import { Lstm } from './lstm'
import { tipId } from './parts'
import { Rnn } from './rnn'

type Drawn = Pick<CellForm, 'type' | 'resetAfter' | 'peepholes'>

const heights = { rnn: 196, gru: 206, lstm: 210 }

/** @param form what of it shows in the drawing */
export const Drawing = ({
  form,
  title,
  description,
}: {
  form: Drawn
  title: string
  description: string
}) => (
  <svg
    class="rnn-cell-drawing"
    role="img"
    aria-labelledby="rnn-cell-title rnn-cell-description"
    viewBox={`0 0 300 ${heights[form.type]}`}
  >
    <title id="rnn-cell-title">{title}</title>
    <desc id="rnn-cell-description">{description}</desc>
    <defs>
      <Tip id={tipId} />
    </defs>
    {form.type === 'rnn' && <Rnn />}
    {form.type === 'gru' && <Gru resetAfter={form.resetAfter} />}
    {form.type === 'lstm' && <Lstm peepholes={form.peepholes} />}
  </svg>
)
