/**
 * What goes to another thread: copies of just the numbers, not of all the memory that they lie in, which may be shared;
 * what was the same object is so again.
 */
export function packed<Value>(value: Value): Value {
  const made = new Map<unknown, unknown>()
  const pack = (own: object): unknown => {
    // that of a Buffer would share its memory
    if (ArrayBuffer.isView(own)) return Uint8Array.prototype.slice.call(own)
    if (Array.isArray(own)) return isPlain(own[0]) ? own.map(packOnce) : own
    return Object.fromEntries(Object.entries(own).map(([name, entry]) => [name, packOnce(entry)]))
  }
  const packOnce = (own: unknown): unknown => {
    if (typeof own !== 'object' || own === null) return own
    if (!made.has(own)) made.set(own, pack(own))
    return made.get(own)
  }
  return packOnce(value) as Value
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The memory of all numbers in it. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  const look = (own: unknown): void => {
    if (typeof own !== 'object' || own === null) return
    if (ArrayBuffer.isView(own)) found.add(own.buffer as ArrayBuffer)
    else if (!Array.isArray(own) || isPlain(own[0])) Object.values(own).forEach(look)
  }
  look(value)
  return [...found]
}
