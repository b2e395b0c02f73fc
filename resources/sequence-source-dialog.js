/**
 * The dialog of sequence-source: the fields of each task, what the runtime takes for a blank one, which numbers fit, and
 * how to wire the task.
 */
globalThis.rnnSourceDialog = (() => {
  /** As the library has them: the fields of the other options are hidden, and the runtime does not read them. */
  const taskOptions = {
    dataset: [
      'data',
      'columns',
      'targetColumns',
      'targetKind',
      'targetsPer',
      'groupColumn',
      'length',
      'horizon',
      'stride',
      'scaling',
      'shuffle',
    ],
    sine: ['length', 'noise', 'targetsPer', 'epochSize'],
    adding: ['length', 'epochSize'],
    'temporal-order': ['length', 'symbols', 'epochSize'],
    'copy-memory': ['length', 'remember', 'epochSize'],
    parity: ['length', 'targetsPer', 'epochSize'],
    'delayed-echo': ['length', 'delay', 'epochSize'],
    'embedded-reber': ['length', 'epochSize'],
    'sine-mixture': ['length', 'components', 'horizon', 'targetsPer', 'epochSize'],
    'mackey-glass': ['length', 'tau', 'horizon', 'stride', 'targetsPer', 'scaling', 'shuffle', 'epochSize'],
    lorenz: ['length', 'horizon', 'stride', 'targetsPer', 'scaling', 'shuffle', 'epochSize'],
    narma10: ['length', 'targetsPer', 'epochSize'],
    text: ['text', 'data', 'length', 'stride', 'encoding', 'shuffle'],
    reverse: ['length', 'symbols', 'epochSize'],
    waveform: ['length', 'epochSize'],
  }

  /** Of tasks that cannot be told how many targets they have. */
  const topologies = {
    adding: 'many-to-one',
    'temporal-order': 'many-to-one',
    'copy-memory': 'many-to-many',
    'delayed-echo': 'many-to-many',
    'embedded-reber': 'many-to-many',
    text: 'many-to-many',
    reverse: 'encoder-decoder',
    waveform: 'one-to-many',
  }
  /** Of tasks whose targets are no plain numbers; a data set has what it is told. */
  const losses = {
    'temporal-order': 'cross-entropy',
    'copy-memory': 'cross-entropy',
    parity: 'cross-entropy',
    'embedded-reber': 'binary-cross-entropy',
    text: 'cross-entropy',
    reverse: 'cross-entropy',
  }

  const usualNumbers = {
    length: 20,
    horizon: 1,
    stride: 1,
    symbols: 2,
    remember: 10,
    delay: 5,
    components: 3,
    tau: 17,
    noise: 0.1,
    epochSize: 3200,
    batch: 32,
    validationSplit: 0.2,
    seed: 1,
  }
  const usualNumbersOf = { 'embedded-reber': { length: 50 }, reverse: { length: 8, symbols: 10 } }

  /** Tasks that need more than one step. */
  const shortest = {
    sine: 2,
    adding: 2,
    'delayed-echo': 2,
    'embedded-reber': 8,
    'sine-mixture': 2,
    waveform: 2,
  }
  const lengthLabels = { 'copy-memory': 'delayLength', 'embedded-reber': 'longest' }

  /** Where fields are read: what the node has saved, or what its open dialog shows. */
  const saved = (node) => (field) => node[field]
  const shown = (node) => (field) => rnnDialog.current(node, field)

  const taskOf = (get) => get('task') || 'dataset'
  const has = (get, option) => (taskOptions[taskOf(get)] ?? []).includes(option)
  const placeOf = (get) => get('from') || (has(get, 'text') ? 'typed' : 'file')
  const hasGroups = (get) => has(get, 'groupColumn') && !rnnDialog.isBlank(get('groupColumn'))

  const common = ['batch', 'seed', 'validationSplit', 'budget']
  /** Fields that take more than a task with the option of their name. */
  const conditions = {
    from: (get) => has(get, 'data'),
    file: (get) => has(get, 'data') && placeOf(get) === 'file',
    text: (get) => has(get, 'text') && placeOf(get) === 'typed',
    length: (get) => has(get, 'length') && !hasGroups(get),
    stride: (get) => has(get, 'stride') && !hasGroups(get),
  }
  const applies = (get, field) => common.includes(field) || (conditions[field]?.(get) ?? has(get, field))

  /** What the runtime takes for a blank field. */
  const usual = (get, field) => {
    if (field === 'stride' && has(get, 'text')) return numberOf(get, 'length')
    if (field === 'horizon' && hasGroups(get) && !rnnDialog.isBlank(get('targetColumns'))) return 0
    return usualNumbersOf[taskOf(get)]?.[field] ?? usualNumbers[field]
  }
  const numberOf = (get, field) => (rnnDialog.isBlank(get(field)) ? usual(get, field) : Number(get(field)))

  const ranges = {
    length: (get) => ({
      min: taskOf(get) === 'temporal-order' ? numberOf(get, 'symbols') : (shortest[taskOf(get)] ?? 1),
      max: 100000,
    }),
    horizon: (get) => ({ min: 0, max: taskOf(get) === 'sine-mixture' ? 10000 : 10000000 }),
    stride: () => ({ min: 1, max: 10000000 }),
    symbols: (get) => ({ min: 2, max: taskOf(get) === 'temporal-order' ? 4 : 1000 }),
    remember: () => ({ min: 1, max: 1000 }),
    delay: (get) => ({ min: 1, max: numberOf(get, 'length') - 1 }),
    components: () => ({ min: 1, max: 100 }),
    tau: () => ({ min: 1, max: 1000 }),
    noise: () => ({ min: 0, whole: false }),
    epochSize: () => ({ min: 1, max: 10000000 }),
    batch: () => ({ min: 1, max: 65536 }),
    validationSplit: () => ({ min: 0, max: 0.9, whole: false }),
    seed: () => ({}),
    budget: () => ({ min: 1 }),
  }

  const say = (key, words) => RED._(`@unrolled/node-red-rnn/sequence-source:sequence-source.${key}`, words)
  const lengthLabel = (get) => say(`label.${lengthLabels[taskOf(get)] ?? 'length'}`)

  /** True, or the sentence that says which numbers a field takes. */
  const checkNumber = (node, field, value) => {
    const get = shown(node)
    const { min, max, whole = true } = ranges[field](get)
    const isFit = (number) => number >= (min ?? -Infinity) && number <= (max ?? Infinity)
    const fits = whole ? rnnDialog.isWhole(value, min, max) : rnnDialog.isNumber(value, isFit)
    const label = field === 'length' ? lengthLabel(get) : undefined
    return !applies(get, field) || fits || say(`error.${field}`, { min, max, label })
  }

  const topologyOf = (get) =>
    topologies[taskOf(get)] ?? (get('targetsPer') === 'step' ? 'many-to-many' : 'many-to-one')
  const lossOf = (get) =>
    losses[taskOf(get)] ?? (has(get, 'targetKind') && get('targetKind') === 'class' ? 'cross-entropy' : 'mse')

  /** T, for the label of the node; undefined where it comes from the data or the environment. */
  const stepsOf = (get) => {
    const steps = numberOf(get, 'length') + (has(get, 'remember') ? 2 * numberOf(get, 'remember') : 0)
    if (hasGroups(get) || !Number.isFinite(steps)) return undefined
    return `T${taskOf(get) === 'embedded-reber' ? '≤' : '='}${steps}`
  }

  /** Brings the open dialog up to date: only the fields of the task, and what blank ones count as. */
  const show = (node) => {
    const get = shown(node)
    const fields = new Set([...Object.values(taskOptions).flat(), ...Object.keys(conditions)])
    rnnDialog.showFields(
      node,
      Object.fromEntries([...fields].map((field) => [field, () => applies(get, field)])),
    )
    for (const field of Object.keys(usualNumbers))
      $(`#node-input-${field}`).attr('placeholder', usual(get, field))
    $('label[for="node-input-length"] span').text(lengthLabel(get))
    $('#node-input-from option[value="typed"]').toggle(has(get, 'text'))
    const topology = say(`hint.${topologyOf(get)}`)
    $('#sequence-source-hint').text(say('hint.sentence', { topology, loss: say(`hint.${lossOf(get)}`) }))
  }

  return {
    taskOptions,
    saved,
    shown,
    taskOf,
    has,
    placeOf,
    applies,
    usual,
    checkNumber,
    topologyOf,
    lossOf,
    stepsOf,
    say,
    show,
  }
})()
