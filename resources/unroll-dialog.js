/** The dialog of unroll: which fields a topology has, and its picture. */
globalThis.rnnUnrollDialog = (() => {
  const isFed = (get) => ['one-to-many', 'encoder-decoder'].includes(get('topology'))
  const readsOnce = (get) => ['one-to-one', 'many-to-one'].includes(get('topology') || 'many-to-one')

  /** Fields that not every topology has: the others are hidden, and the runtime does not read them. */
  const conditions = {
    steps: isFed,
    feed: isFed,
    teacherForcing: isFed,
    topics: (get) => get('state') === 'topic',
    pastEnd: (get) => !readsOnce(get),
  }

  /** Which of the steps drawn take something in, and at which of them an answer is read. */
  const pictures = {
    'one-to-one': { inputs: [0], outputs: [0] },
    'one-to-many': { inputs: [0], outputs: [0, 1, 2] },
    'many-to-one': { inputs: [0, 1, 2], outputs: [2] },
    'many-to-many': { inputs: [0, 1, 2], outputs: [0, 1, 2] },
    'encoder-decoder': { inputs: [0, 1, 2], outputs: [3, 4] },
  }

  const width = 28
  const left = (step) => 8 + 52 * step
  const middle = (step) => left(step) + width / 2

  const box = (step, top, name) =>
    `<rect class="rnn-${name}" x="${left(step)}" y="${top}" width="${width}" height="22" rx="4"/>` +
    `<text x="${middle(step)}" y="${top + 15}">${name}</text>`

  const arrow = (from, to, style = '') =>
    `<path class="${style}" d="M${from}L${to}" marker-end="url(#rnn-arrow)"/>`

  const tip =
    '<defs><marker id="rnn-arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6"' +
    ' orient="auto"><path d="M0 0L6 3L0 6"/></marker></defs>'

  /** One step: x below, h, o above, and what comes from the step before; an answer that is fed on, dashed. */
  const column = ({ inputs, outputs }, isFedBack, step) => {
    const parts = [box(step, 48, 'h')]
    if (step > 0) parts.push(arrow(`${left(step - 1) + width} 59`, `${left(step) - 2} 59`))
    if (inputs.includes(step))
      parts.push(box(step, 92, 'x'), arrow(`${middle(step)} 92`, `${middle(step)} 72`))
    if (outputs.includes(step))
      parts.push(box(step, 4, 'o'), arrow(`${middle(step)} 48`, `${middle(step)} 28`))
    if (isFedBack && !inputs.includes(step) && outputs.includes(step - 1))
      parts.push(arrow(`${left(step - 1) + width} 20`, `${left(step) + 2} 46`, 'rnn-fed'))
    return parts.join('')
  }

  /** The network as everybody draws it, as SVG. */
  const picture = (get) => {
    const plan = pictures[get('topology')] ?? pictures['many-to-one']
    const isFedBack = isFed(get) && ['output', 'one-hot'].includes(get('feed'))
    const steps = 1 + Math.max(...plan.inputs, ...plan.outputs)
    const columns = Array.from({ length: steps }, (_, step) => column(plan, isFedBack, step))
    return `<svg role="img" width="${left(steps)}" height="118">${tip}${columns.join('')}</svg>`
  }

  return { conditions, picture }
})()
