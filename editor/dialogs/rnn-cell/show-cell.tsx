/** The cell of the open dialog: drawn, with its functions and its weights beside it. */
import { render } from 'preact'
import type { CellForm } from '../../../src/rnn-cell/form'
import type { Get } from '../common/values'
import { wordsOf } from '../common/words'
import { countsOf, totalOf } from './counts'
import { CountsTable } from './counts-table'
import { Drawing } from './drawing'
import { formOf } from './form'

const say = wordsOf('rnn-cell')

export function showCell(get: Get): void {
  const place = document.getElementById('rnn-cell-picture')
  // of a cell with no number of layers one is drawn all the same
  const form = formOf(get) ?? formOf((field) => (field === 'layers' ? 1 : get(field)))
  if (!place || !form) return
  const counts = countsOf(form)
  const total = totalOf(counts)
  const words = {
    caption: say('count.caption'),
    several: (count: number) => say('count.several', { count }),
    total: Number.isNaN(total) ? whatIsUnknown(form) : say('count.known', { number: total.toLocaleString() }),
  }
  render(
    <>
      <figure>
        <Drawing
          form={form}
          title={say(`option.${form.type}`)}
          description={say(`picture.${variantOf(form)}`)}
        />
        <figcaption>{functionsOf(form)}</figcaption>
      </figure>
      {formOf(get) && <CountsTable counts={counts} words={words} />}
    </>,
    place,
  )
}

function variantOf({ type, resetAfter, peepholes }: CellForm): string {
  if (type === 'gru') return resetAfter ? 'gruAfter' : 'gruBefore'
  return type === 'lstm' && peepholes ? 'lstmPeepholes' : type
}

/** What φ and σ are; the names of functions stand before a colon. */
function functionsOf({ type, activation, gateActivation }: CellForm): string {
  const phi = say(`option.${activation}`).split(':')[0]
  const sigma = say(`option.${gateActivation === 'sigmoid' ? 'sigmoidGate' : gateActivation}`)
  return say(type === 'rnn' ? 'picture.phi' : 'picture.phiAndSigma', { phi, sigma })
}

function whatIsUnknown({ sizes }: CellForm): string {
  if (Number.isNaN(sizes.hiddenSize)) return say('error.hiddenSize')
  if (!Number.isNaN(sizes.outputSize)) return say('count.unknownInput')
  return say(Number.isNaN(sizes.inputSize) ? 'count.unknown' : 'count.unknownOutput')
}
