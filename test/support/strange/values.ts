/** Values that nobody expects in a message, and some that look like what is expected. */
import fc from 'fast-check'

/** What a getter throws: the only error that is nobody's fault here. */
export class FromGetter extends Error {}

const throwing = (name: string): object =>
  Object.defineProperty({}, name, {
    enumerable: true,
    configurable: true,
    get() {
      throw new FromGetter(name)
    },
  })

const cyclic = (): object => {
  const ring: unknown[] = [1]
  const one = { ring, steps: ring, shape: ring }
  ring.push(one, ring)
  return one
}

/** An array that has the properties of an object. */
const dressed = (): unknown =>
  Object.assign([1], { phase: 'train', stream: {}, scale: {}, parameters: {}, id: 'x', shape: [1] })

const sparse = (): unknown[] => {
  const holes: unknown[] = [1]
  holes[3] = 2
  return holes
}

// what is the same only as itself
const symbol = Symbol('strange')
const promise = Promise.resolve(1)
const proxy = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : 1) })

/** There is one of each, which a message must not be itself, since nodes write into messages. */
export const shared: ReadonlySet<unknown> = new Set([promise, proxy])

/** A new one each time, since whoever receives it may write into it. */
const odd: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => false,
  () => 0,
  () => -0,
  () => 1,
  () => -1,
  () => 2,
  () => 0.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.NEGATIVE_INFINITY,
  () => 1e300,
  () => 1e39,
  () => 5e-324,
  () => 2 ** 53,
  () => -(2 ** 53),
  () => 2 ** 32,
  () => 7n,
  () => symbol,
  () => '',
  () => '0',
  () => '1',
  () => 'NaN',
  () => '__proto__',
  () => 'constructor',
  () => 'long '.repeat(20_000),
  () => '[1,2]',
  () => 'a,b\n1,2\n3,4\n5,6\n7,8\n',
  () => [],
  () => [[]],
  () => [[[]]],
  () => {
    let deep: unknown[] = [1]
    for (let depth = 0; depth < 40; depth++) deep = [deep]
    return deep
  },
  () => {
    let deep: unknown[] = []
    for (let depth = 0; depth < 20_000; depth++) deep = [deep]
    return deep
  },
  sparse,
  () => [sparse(), sparse()],
  dressed,
  () => ({ input: { mean: [1], std: [1] }, target: { mean: [1], std: [1] }, note: 7n }),
  () => new Array(5000).fill(0),
  () => [1, 2, 3],
  () => [
    [1, 2],
    [3, 4],
  ],
  () => [
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0, 1],
      [1, 0],
    ],
  ],
  () => [[1, 2], [3]],
  () => [1, 'x', null],
  () => [1n],
  () => Float32Array.of(1, 2),
  () => Float64Array.of(1, Number.NaN),
  () => new Float64Array(0),
  () => Uint8Array.of(1, 2, 3),
  () => BigInt64Array.of(1n),
  () => new DataView(new ArrayBuffer(8)),
  () => new ArrayBuffer(8),
  () => Buffer.alloc(0),
  () => Buffer.alloc(7),
  () => Buffer.alloc(72),
  () => Buffer.from('{"form":{}}'),
  () => ({ type: 'Buffer', data: [1, 2, 3, 4] }),
  () => ({ type: 'Buffer', data: 'text' }),
  () => ({ type: 'Buffer', data: { length: 1e9 } }),
  () => ({ type: 'Buffer', data: null }),
  () => ({ shape: [2], dtype: 'float64', data: Buffer.alloc(16) }),
  () => ({ shape: [1, 2, 1], dtype: 'float32', data: Buffer.alloc(8) }),
  () => ({ shape: [2 ** 26, 2 ** 27], dtype: 'float64', data: Buffer.alloc(0) }),
  () => ({ shape: [0, 2 ** 40], dtype: 'float64', data: Buffer.alloc(0) }),
  () => ({ shape: [-1, -2], dtype: 'float64', data: Buffer.alloc(16) }),
  () => ({ shape: [], dtype: 'float64', data: Buffer.alloc(8) }),
  () => ({ shape: 'x', dtype: 'float64', data: Buffer.alloc(8) }),
  () => ({ shape: [1], dtype: 'int8', data: Buffer.alloc(1) }),
  () => ({ shape: [2], dtype: 'float64', data: Float64Array.of(1, Number.NaN) }),
  () => ({ shape: [2], data: Float32Array.of(1, 2) }),
  () => ({ h: [1, 2, 3], c: [1, 2, 3] }),
  () => ({ h: null }),
  () => ({ length: 3 }),
  () => ({}),
  () => Object.create(null),
  () => JSON.parse('{"__proto__": {"run": "x"}, "constructor": 1}'),
  () => Object.create({ run: 'inherited', shape: [1] }),
  () => Object.freeze({ run: 'frozen', step: 1 }),
  () => Object.freeze([1, 2]),
  cyclic,
  () => (cyclic() as { ring: unknown[] }).ring,
  () => {
    const own: unknown[] = []
    own[0] = own
    return own
  },
  () => throwing('run'),
  () => throwing('phase'),
  () => throwing('shape'),
  () => throwing('parameters'),
  () => throwing('0'),
  () => throwing('length'),
  () => throwing('toString'),
  () => new Map([['W', [1]]]),
  () => new Set([1]),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => /strange/,
  () => new Error('strange'),
  () => promise,
  () => throwing,
  () => FromGetter,
  () => proxy,
  () => 'train',
  () => 'validate',
  () => 'predict',
  () => 'pause',
  () => 'stop',
  () => 'best',
  () => 'onnx',
  () => 'json',
]

export type Box = Record<PropertyKey, unknown>

/** An array or a plain object that can be written into. */
export const isBox = (value: unknown): value is Box =>
  typeof value === 'object' &&
  value !== null &&
  Object.isExtensible(value) &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)

/** Objects and arrays of its own, around the same numbers and Buffers. */
export function anew(value: unknown): unknown {
  if (!isBox(value)) return value
  if (Array.isArray(value)) return value.map(anew)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, anew(one)]))
}

/** Makers of values: each makes the same again. */
export const strangeValue: fc.Arbitrary<() => unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...odd) },
  {
    weight: 1,
    arbitrary: fc.anything({ maxDepth: 2, maxKeys: 4, withBigInt: true }).map((value) => () => anew(value)),
  },
)
