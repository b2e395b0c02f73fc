/** The safetensors format: round trips, files written by hand, and files that lie. */
import fc from 'fast-check'
import should from 'should'
import {
  decodeSafetensors,
  ExpectedError,
  encodeSafetensors,
  floatsOf,
  sizeOf,
  type Tensor,
  tensor,
} from '../../../src'
import { throwsExpected } from '../../support/throws'

/** A file from a header and its numbers, as the format describes it. */
const file = (header: unknown, body: Buffer = Buffer.alloc(0)): Buffer => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeUInt32LE(json.length)
  return Buffer.concat([length, json, body])
}
const f32 = (...numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer)
const one = (entry: unknown) => file({ a: entry }, f32(1, 2))
const good = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }

const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.constantFrom('float32' as const, 'float64' as const),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  )
  .chain(([dtype, shape]) => {
    const count = { minLength: sizeOf(shape), maxLength: sizeOf(shape) }
    const numbers = dtype === 'float32' ? fc.float32Array(count) : fc.float64Array(count)
    return numbers.map((data) => tensor(dtype, shape, data))
  })
const names = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '0'))
const files = fc
  .array(
    fc.tuple(
      names.filter((name) => name !== '__metadata__'),
      tensors,
    ),
    { maxLength: 5 },
  )
  .map((entries) => new Map(entries))

describe('safetensors', () => {
  it('give back what was written, every bit of it, under any name', () => {
    fc.assert(
      fc.property(files, fc.dictionary(fc.string(), fc.string()), (written, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(written, metadata))
        should([...read.tensors.keys()].sort()).eql([...written.keys()].sort())
        should(JSON.stringify(read.metadata)).equal(JSON.stringify(metadata))
        for (const [name, { shape, dtype, data }] of written) {
          const back = read.tensors.get(name)
          should(back?.shape).eql(shape)
          should(back?.dtype).equal(dtype)
          should(Buffer.from(back?.data.buffer as ArrayBuffer)).eql(
            Buffer.from(data.buffer, data.byteOffset, data.byteLength),
          )
        }
      }),
    )
  })

  it('begin with the length of a JSON header, padded so that the numbers start at a multiple of 8', () => {
    const bytes = encodeSafetensors(new Map([['a', tensor('float32', [2], Float32Array.of(1, -2))]]), {
      by: 'us',
    })
    const length = Number(bytes.readBigUInt64LE())
    should(length % 8).equal(0)
    should(JSON.parse(bytes.toString('utf8', 8, 8 + length))).eql({ __metadata__: { by: 'us' }, a: good })
    should([...bytes.subarray(8 + length)]).eql([...f32(1, -2)])
  })

  it('are read as others write them: F64 after F32, no metadata, no padding', () => {
    const header = {
      narrow: { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] },
      wide: { dtype: 'F64', shape: [], data_offsets: [4, 12] },
    }
    const body = Buffer.concat([f32(0.5), Buffer.from(Float64Array.of(Math.PI).buffer)])
    const { tensors, metadata } = decodeSafetensors(file(header, body))
    should(metadata).eql({})
    should(tensors.get('narrow')).eql(tensor('float32', [1, 1], Float32Array.of(0.5)))
    should(tensors.get('wide')).eql(tensor('float64', [], Float64Array.of(Math.PI)))
  })

  it('are copied: numbers do not change with the bytes they were read from', () => {
    const bytes = one(good)
    const { tensors } = decodeSafetensors(bytes)
    bytes.fill(0)
    should([...(tensors.get('a')?.data ?? [])]).eql([1, 2])
  })

  it('of only a part of a larger array are written as that part', () => {
    const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3)
    const { tensors } = decodeSafetensors(
      encodeSafetensors(new Map([['a', tensor('float32', [2], part)]]), {}),
    )
    should([...(tensors.get('a')?.data ?? [])]).eql([1, 2])
  })
})

describe('floatsOf', () => {
  it('reads little-endian numbers from bytes that lie anywhere', () => {
    const bytes = Buffer.concat([Buffer.from([7]), f32(1.5, -2)]).subarray(1)
    should([...floatsOf(bytes, 'float32')]).eql([1.5, -2])
    should(floatsOf(bytes, 'float64')).have.length(1)
  })
})

describe('a safetensors file that lies ends in an ExpectedError', () => {
  const lengthOnly = (length: bigint) => {
    const bytes = file({ a: good }, f32(1, 2))
    bytes.writeBigUInt64LE(length)
    return bytes
  }
  const deep = `{"a":${'['.repeat(20000)}${']'.repeat(20000)}}`
  const hostile: [what: string, bytes: Buffer, message: string | RegExp][] = [
    ['nothing', Buffer.alloc(0), 'expected a safetensors file, got 0 bytes that do not begin with a header'],
    ['seven bytes', Buffer.alloc(7, 1), /7 bytes that do not begin with a header/],
    ['a header of no length', Buffer.alloc(8), /8 bytes that do not begin with a header/],
    ['a header longer than the file', lengthOnly(10_000n), /do not begin with a header/],
    ['the longest header there is', lengthOnly(2n ** 64n - 1n), /do not begin with a header/],
    ['a header shorter than it is', lengthOnly(5n), /^expected a safetensors header of JSON, got /],
    ['a header that is no JSON', file('hello'), /^expected a safetensors header of JSON, got /],
    ['a header that is an array', file([1]), 'expected a safetensors header of JSON, got an array of 1'],
    ['a header that is null', file('null'), 'expected a safetensors header of JSON, got null'],
    [
      'a name given twice',
      file(`{"a":${JSON.stringify(good)},"a":${JSON.stringify(good)}}`, f32(1, 2)),
      'expected a safetensors header of JSON with each name once, got a twice',
    ],
    [
      'a field given twice',
      file('{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}', f32(1, 2)),
      'expected a safetensors header of JSON with each name once, got shape twice',
    ],
    [
      'a header of more than ten megabytes',
      file({ a: good, [`b${'b'.repeat(10_000_000)}`]: good }, f32(1, 2)),
      /do not begin with a header/,
    ],
    [
      'a name without end',
      file({ ['b'.repeat(100_000)]: { ...good, dtype: 'I8' } }),
      /^expected b{60}… of type F32 or F64, got the text "I8"$/,
    ],
    ['garbage', Buffer.from('PK\u0003\u0004 this is a zip file, or a pickle'), /do not begin with a header/],
    ['half of its numbers', one(good).subarray(0, -4), 'expected 8 bytes for a, got the range 0 to 8 of 4'],
    [
      'a range out of the file',
      one({ ...good, data_offsets: [4, 12] }),
      'expected 8 bytes for a, got the range 4 to 12 of 8',
    ],
    [
      'a range that is too small',
      one({ ...good, data_offsets: [0, 4] }),
      'expected 8 bytes for a, got the range 0 to 4 of 8',
    ],
    [
      'a range that runs backwards',
      one({ ...good, data_offsets: [8, 0] }),
      'expected 8 bytes for a, got the range 8 to 0 of 8',
    ],
    [
      'a negative range',
      one({ ...good, data_offsets: [-8, 0] }),
      'expected a with a shape and offsets, got a header without',
    ],
    ['one offset', one({ ...good, data_offsets: [8] }), /^expected 8 bytes for a/],
    [
      'offsets as text',
      one({ ...good, data_offsets: ['0', '8'] }),
      'expected a with a shape and offsets, got a header without',
    ],
    [
      'no offsets',
      one({ dtype: 'F32', shape: [2] }),
      'expected a with a shape and offsets, got a header without',
    ],
    [
      'a shape of half a row',
      one({ ...good, shape: [0.5, 4] }),
      'expected a with a shape and offsets, got a header without',
    ],
    [
      'a negative shape',
      one({ ...good, shape: [-1, -2] }),
      'expected a with a shape and offsets, got a header without',
    ],
    ['a shape beyond all memory', one({ ...good, shape: [2 ** 50, 2 ** 50] }), /^expected .* bytes for a/],
    ['another type', one({ ...good, dtype: 'BF16' }), /^expected a of type F32 or F64, got .*BF16/],
    [
      'a type that is an object',
      one({ ...good, dtype: { toString: 1, valueOf: 1 } }),
      /^expected a of type F32 or F64/,
    ],
    ['a tensor that is null', one(null), /^expected a of type F32 or F64/],
    ['a tensor that is a number', one(5), /^expected a of type F32 or F64/],
    ['deep nesting', file(deep), /^expected /],
    [
      'overlapping ranges',
      file({ a: good, b: { ...good, shape: [1], data_offsets: [4, 8] } }, f32(1, 2)),
      /^expected .*, got/,
    ],
    ['two tensors in one place', file({ a: good, b: good }, f32(1, 2)), /^expected .*, got/],
    [
      'a hole between ranges',
      file({ a: good, b: { ...good, data_offsets: [12, 20] } }, f32(1, 2, 3, 4, 5)),
      /^expected .*, got/,
    ],
    ['bytes that belong to nothing', file({ a: good }, f32(1, 2, 3)), /^expected .*, got/],
    ['metadata that is null', file({ __metadata__: null, a: good }, f32(1, 2)), /^expected .*metadata/],
    [
      'metadata that is not text',
      file({ __metadata__: { step: 1 }, a: good }, f32(1, 2)),
      /^expected .*metadata/,
    ],
  ]
  for (const [what, bytes, message] of hostile)
    it(what, () => throwsExpected(() => decodeSafetensors(bytes), message))

  it('__proto__ as a name is a tensor like any other, and changes no object', () => {
    const { tensors } = decodeSafetensors(file(`{"__proto__":${JSON.stringify(good)}}`, f32(1, 2)))
    should([...tensors.keys()]).eql(['__proto__'])
    should(({} as Record<string, unknown>).dtype).be.undefined()
    should(Object.keys(Object.prototype)).be.empty()
  })

  it('any bytes, and any good file cut short or with bytes changed', () => {
    const whole = encodeSafetensors(
      new Map([
        ['a', tensor('float32', [2], Float32Array.of(1, 2))],
        ['b', tensor('float64', [1, 2])],
      ]),
      { by: 'us' },
    )
    const onlyExpected = (bytes: Buffer) => {
      try {
        decodeSafetensors(bytes)
      } catch (error) {
        should(error).be.instanceOf(ExpectedError)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => onlyExpected(Buffer.from(bytes))))
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(changes, (list) => {
        const changed = Buffer.from(whole)
        for (const [at, byte] of list) changed[at] = byte
        onlyExpected(changed)
      }),
      { numRuns: 2000 },
    )
    for (let length = 0; length < whole.length; length++)
      throwsExpected(() => decodeSafetensors(whole.subarray(0, length)), /^expected /)
  })
})
