/** What the dialogs of the nodes share in the browser. */
globalThis.rnnDialog = (() => {
  /** What the open dialog shows for a field, else what the node has saved. */
  const current = (node, field) => {
    const input = $(`#node-input-${field}`)
    return (input.is(':checkbox') ? input.prop('checked') : input.val()) ?? node[field]
  }

  const isBlank = (value) => String(value ?? '').trim() === ''

  /** Blank (the runtime then takes its usual value), or a number that fits. */
  const isNumber = (value, fits = () => true) =>
    isBlank(value) || (Number.isFinite(Number(value)) && fits(Number(value)))

  const isWhole = (value, min = -Infinity, max = Infinity) =>
    isNumber(value, (number) => Number.isSafeInteger(number) && number >= min && number <= max)

  /** Blank, or the text of a JSON object whose names all fit. */
  const isNamedJson = (text, fits) => {
    if (isBlank(text)) return true
    try {
      const value = JSON.parse(text)
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      return isObject && Object.keys(value).every(fits)
    } catch {
      return false
    }
  }

  /** A flow of an earlier version, or one written by hand, lacks fields: it has what the runtime takes for them. */
  const fillIn = (node) => {
    for (const [field, { value }] of Object.entries(node._def.defaults)) {
      if (node[field] !== undefined) continue
      node[field] = value
      const input = $(`#node-input-${field}`)
      if (input.is(':checkbox')) input.prop('checked', value)
      else input.val(value)
    }
  }

  /** @param conditions by field, whether there is such a field, asked of `node`: rows of the others are hidden */
  const showFields = (node, conditions) => {
    for (const [field, applies] of Object.entries(conditions))
      $(`#node-input-${field}`).closest('.form-row').toggle(applies(node))
  }

  /** The context stores of this Node-RED as choices for the field `store`, the default one being there already. */
  const offerStores = (node) => {
    const stores = new Set(RED.settings.context?.stores)
    stores.delete(RED.settings.context?.default)
    if (node.store) stores.add(node.store)
    for (const name of stores) $('<option>').val(name).text(name).appendTo('#node-input-store')
    $('#node-input-store').val(node.store || '')
  }

  return { current, isBlank, isNumber, isWhole, isNamedJson, fillIn, showFields, offerStores }
})()
