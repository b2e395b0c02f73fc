/** The dialog of rnn-cell: which fields a cell has, and how many weights. */
globalThis.rnnCellDialog = (() => {
  /** @param get the value of a field */
  const isType = (get, ...types) => types.includes(get('cellType') || 'rnn')

  /** Fields that not every cell has: the others are hidden, and the runtime does not read them. */
  const conditions = {
    outputSize: (get) => get('readout') !== 'none',
    decoder: (get) => !get('bidirectional'),
    gateActivation: (get) => isType(get, 'gru', 'lstm'),
    resetAfter: (get) => isType(get, 'gru'),
    peepholes: (get) => isType(get, 'lstm'),
    forgetBias: (get) => isType(get, 'lstm'),
    chrono: (get) => isType(get, 'gru', 'lstm'),
  }

  /** Numbers in W, U, b of one layer in one direction, and in a GRU's bn or the peepholes p. */
  const laneCount = (get, hidden, inputs) => {
    const gates = isType(get, 'lstm') ? 4 : isType(get, 'gru') ? 3 : 1
    const innerBias = isType(get, 'gru') && get('resetAfter') ? hidden : 0
    const peepholes = isType(get, 'lstm') && get('peepholes') ? 3 * hidden : 0
    return gates * (hidden * hidden + hidden * inputs + hidden) + innerBias + peepholes
  }

  /** How many numbers a cell learns; NaN as long as one of its sizes is blank or no number. */
  const weightCount = (get) => {
    const size = (field, usual) => Number(String(get(field) ?? '').trim() || usual)
    const [hidden, layers] = [size('hiddenSize', 16), size('layers', 1)]
    const directions = get('bidirectional') ? 2 : 1
    const readable = directions * hidden
    const hasReadout = conditions.outputSize(get)
    const outputs = hasReadout ? size('outputSize', Number.NaN) : readable
    const stack = (inputs, lanes) =>
      lanes * (laneCount(get, hidden, inputs) + (layers - 1) * laneCount(get, hidden, lanes * hidden))
    const decoder = conditions.decoder(get) && get('decoder') ? stack(outputs, 1) : 0
    const readout = hasReadout ? outputs * (readable + 1) : 0
    return stack(size('inputSize', Number.NaN), directions) + decoder + readout
  }

  return { conditions, weightCount }
})()
