/** Messages that are nearly right: a good one, with an edit or two somewhere in it. And messages that are anything. */
import fc from 'fast-check'
import { type Box, FromGetter, isBox, shared, strangeValue } from './values'

/** What is done to a message at one place of it. */
interface Edit {
  /** numbers that choose a property at each level */
  readonly path: readonly number[]
  readonly how: (typeof hows)[number]
  readonly value: () => unknown
  /** of a property that is added */
  readonly name: string
}

const hows = ['replace', 'replace', 'replace', 'remove', 'add', 'add', 'wrap', 'bend', 'getter'] as const

/** What nodes look for at the top of a message, and names that objects have anyway. */
const names = [
  ...[
    'payload',
    'target',
    'topic',
    'reset',
    'control',
    'freeze',
    'restore',
    'export',
    'parameters',
    'filename',
  ],
  ...[
    'initialState',
    'state',
    'sequence',
    'cell',
    'update',
    'unrolled',
    'gradient',
    'clip',
    'loss',
    'validation',
  ],
  ...[
    'rate',
    'limit',
    'time',
    'run',
    'step',
    'steps',
    'phase',
    'part',
    'parts',
    'lengths',
    'mask',
    'targetMask',
  ],
  ...[
    'targetLengths',
    'scale',
    'scales',
    'stream',
    'targetKind',
    'inputSize',
    'outputSize',
    'id',
    'version',
    'W',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'then',
    'length',
    'p',
    'bn',
    'regularization',
    'present',
    'fed',
  ],
]

const edit: fc.Arbitrary<Edit> = fc.record({
  path: fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 }),
  how: fc.constantFrom(...hows),
  value: strangeValue,
  name: fc.constantFrom(...names),
})

/** Undefined where another edit has put a getter. */
const readOff = (box: Box, name: string): unknown => Object.getOwnPropertyDescriptor(box, name)?.value

/** An object or array of its own, around the same values. */
const ownBox = (box: Box): Box =>
  Array.isArray(box)
    ? (Array.from(box) as unknown as Box)
    : (Object.defineProperties({}, Object.getOwnPropertyDescriptors(box)) as Box)

/**
 * The object that an edit is in, and the name of the property. Only what lies on the way is copied: the rest of a good
 * message is shared by all that are made of it, and no node writes into it.
 */
function placeOf(msg: Box, path: readonly number[]): [Box, string] {
  let box = msg
  for (const [depth, choice] of path.entries()) {
    const properties = Object.keys(box)
    const name = properties[choice % properties.length] ?? ''
    const next = readOff(box, name)
    if (depth === path.length - 1 || !isBox(next) || Object.keys(next).length === 0) return [box, name]
    const own = ownBox(next)
    Object.defineProperty(box, name, { value: own, writable: true, enumerable: true, configurable: true })
    box = own
  }
  return [box, '']
}

/** Something that differs from it in form only, or in one number. */
function bent(value: unknown, other: () => unknown): unknown {
  if (Buffer.isBuffer(value) && value.length > 0) {
    const bytes = Buffer.from(value)
    bytes.writeUInt8(255, Math.min(7, bytes.length - 1))
    return bytes
  }
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'number') ? Float64Array.from(value) : value.slice(1)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.toUpperCase()
  if (typeof value === 'boolean') return Number(value)
  return other()
}

function apply(msg: Box, { path, how, value, name: added }: Edit): void {
  const [box, name] = placeOf(msg, path)
  const set = (property: string, made: unknown) =>
    Object.defineProperty(box, property, {
      value: made,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  if (how === 'replace') set(name, value())
  else if (how === 'remove') delete box[name]
  else if (how === 'add') set(Array.isArray(box) ? `${box.length}` : added, value())
  else if (how === 'wrap') set(name, [readOff(box, name)])
  else if (how === 'bend') set(name, bent(readOff(box, name), value))
  else if (!Array.isArray(box))
    Object.defineProperty(box, name, {
      enumerable: true,
      configurable: true,
      get() {
        throw new FromGetter(name)
      },
    })
}

export interface Strange {
  /** chooses the good message; undefined where it is anything at all */
  readonly choice?: number
  readonly edits: readonly Edit[]
  readonly closed: 'open' | 'frozen' | 'sealed'
  readonly value: () => unknown
}

const closed = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Strange['closed']>('open') },
  { weight: 1, arbitrary: fc.constantFrom<Strange['closed']>('frozen', 'sealed') },
)
const choice = fc.nat(10_000)

export const strange: fc.Arbitrary<Strange> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ choice, edits: fc.constant([]), closed, value: strangeValue }) },
  {
    weight: 8,
    arbitrary: fc.record({
      choice,
      edits: fc.array(edit, { minLength: 1, maxLength: 1 }),
      closed,
      value: strangeValue,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      choice,
      edits: fc.array(edit, { minLength: 2, maxLength: 4 }),
      closed,
      value: strangeValue,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ edits: fc.array(edit, { maxLength: 3 }), closed, value: strangeValue }),
  },
)

/**
 * The message, a new one each time.
 *
 * @param good a good message that nobody else has
 */
export function messageOf(
  { choice: chosen, edits, closed: end, value }: Strange,
  good: (choice: number) => object,
): unknown {
  if (chosen === undefined && edits.length === 0 && !shared.has(value())) return value()
  const msg = (chosen === undefined ? { payload: value() } : good(chosen)) as Box
  for (const one of edits) apply(msg, one)
  if (end === 'frozen') Object.freeze(msg)
  if (end === 'sealed') Object.seal(msg)
  return msg
}
