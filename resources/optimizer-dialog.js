/**
 * The dialog of optimizer: which fields each rule and each schedule has, what the runtime takes for a blank one, and
 * which numbers fit.
 */
globalThis.rnnOptimizerDialog = (() => {
  /** The field may not be blank. */
  const needed = null
  /** A blank field takes the length of the source's budget. */
  const ofBudget = ''

  const betas = { beta1: '0.9', beta2: '0.999' }
  const epsilons = { epsilon: '1e-8', epsilonPlacement: 'torch' }
  const ofAll = { weightDecay: '0', weightDecayMode: '', accumulate: '1' }
  const rules = {
    adam: { learningRate: '0.001', ...betas, ...epsilons, amsgrad: false },
    adamw: { learningRate: '0.001', ...betas, ...epsilons, amsgrad: false, weightDecay: '0.01' },
    amsgrad: { learningRate: '0.001', ...betas, ...epsilons },
    adamax: { learningRate: '0.002', ...betas, ...epsilons },
    nadam: { learningRate: '0.002', ...betas, epsilon: '1e-8', momentumDecay: '0.004' },
    radam: { learningRate: '0.001', ...betas, epsilon: '1e-8' },
    sgd: { learningRate: '0.01', momentum: '0', dampening: '0', nesterov: false },
    rmsprop: { learningRate: '0.01', momentum: '0', alpha: '0.99', centered: false, ...epsilons },
    adagrad: {
      learningRate: '0.01',
      learningRateDecay: '0',
      initialAccumulator: '0',
      ...epsilons,
      epsilon: '1e-10',
    },
    adadelta: { learningRate: '1', rho: '0.9', epsilon: '1e-6' },
    lion: { learningRate: '0.0001', beta1: '0.9', beta2: '0.99' },
  }

  const warmUp = { warmupSteps: '0', warmupStartFactor: '0.3333' }
  const neededWarmUp = { ...warmUp, warmupSteps: needed }
  const schedules = {
    constant: {},
    step: { ...warmUp, scheduleStepSize: needed, scheduleGamma: '0.1' },
    'multi-step': { ...warmUp, scheduleMilestones: needed, scheduleGamma: '0.1' },
    exponential: { ...warmUp, scheduleGamma: needed },
    cosine: { ...warmUp, scheduleTotalSteps: ofBudget, scheduleMinimum: '0' },
    'warm-up': neededWarmUp,
    'one-cycle': {
      ...warmUp,
      scheduleTotalSteps: ofBudget,
      schedulePctStart: '0.3',
      scheduleDivFactor: '25',
      scheduleFinalDivFactor: '10000',
    },
    'inverse-square-root': neededWarmUp,
    polynomial: { ...warmUp, scheduleTotalSteps: ofBudget, schedulePower: '1' },
    'reduce-on-plateau': {
      ...warmUp,
      scheduleFactor: '0.1',
      schedulePatience: '10',
      scheduleThreshold: '0.0001',
      scheduleCooldown: '0',
      scheduleMinimum: '0',
    },
  }
  const allFields = [ofAll, ...Object.values(rules), ...Object.values(schedules)].flatMap(Object.keys)

  /** What a blank field counts as; null: it may not be blank; undefined: it is hidden. */
  const usual = (node, field) =>
    ({
      ...ofAll,
      ...rules[rnnDialog.current(node, 'rule') || 'adam'],
      ...schedules[rnnDialog.current(node, 'schedule') || 'constant'],
    })[field]

  const ranges = {
    fromZero: (number) => number >= 0,
    aboveZero: (number) => number > 0,
    decay: (number) => number >= 0 && number < 1,
    share: (number) => number >= 0 && number <= 1,
    factor: (number) => number > 0 && number < 1,
    whole: (number) => number >= 0 && Number.isSafeInteger(number),
    count: (number) => number >= 1 && Number.isSafeInteger(number),
  }
  const fits = (text, range) => rnnDialog.isNumber(text, ranges[range])

  const say = (key, words) => RED._(`@unrolled/node-red-rnn/optimizer:optimizer.${key}`, words)

  /** True, or the sentence that says what is wrong. */
  const check = (node, field, value, range) => {
    const blank = usual(node, field)
    if (blank === undefined) return true
    const isThere = blank !== needed || !rnnDialog.isBlank(value)
    return (isThere && fits(value, range)) || say(`error.${range}`, { field: say(`label.${field}`) })
  }

  /** The validator of a field for a number in a range. */
  const number = (field, range) =>
    function (value, _opt) {
      return check(this, field, value, range)
    }

  const placeholder = (blank) => {
    if (blank === needed) return say('placeholder.needed')
    return blank === ofBudget ? say('placeholder.ofBudget') : blank
  }

  /** Only the fields of the chosen rule and schedule, each with what it counts as when blank. */
  const showFields = (node) => {
    for (const field of allFields) {
      const blank = usual(node, field)
      const row = $(`#node-input-${field}`).closest('.form-row')
      row.toggle(blank !== undefined)
      if (field !== 'scheduleMilestones')
        row.find('input[type="text"]').attr('placeholder', placeholder(blank))
    }
    $('#optimizer-schedule-more').toggle(usual(node, 'warmupSteps') !== undefined)
  }

  return { rules, schedules, usual, fits, check, number, say, showFields }
})()
