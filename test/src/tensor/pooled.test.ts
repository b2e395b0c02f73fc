/** Small arrays that share a block of memory: each its own numbers, whatever came before it. */
import fc from 'fast-check'
import should from 'should'
import { pooledFloats, pooledLike } from '../../../src/tensor/pooled'

const dtypes = ['float32', 'float64'] as const

describe('pooled arrays', () => {
  it('are zeros, as many as asked for and of the precision', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dtypes), fc.integer({ min: 0, max: 3000 }), (dtype, count) => {
        const made = pooledFloats(dtype, count)
        should(made).be.instanceOf(dtype === 'float32' ? Float32Array : Float64Array)
        should(made).have.length(count)
        should(made.every((value) => value === 0)).be.true()
        made.fill(7)
      }),
    )
  })

  it('do not write over one another', () => {
    const made = Array.from({ length: 500 }, (_, index) =>
      pooledFloats(dtypes[index % 2], (index * 37) % 1500).fill(index),
    )
    should(made.every((values, index) => values.every((value) => value === index))).be.true()
  })

  it('begin at multiples of 16 bytes', () => {
    const starts = Array.from({ length: 50 }, (_, index) => pooledFloats('float32', index).byteOffset % 16)
    should(starts).eql(new Array(50).fill(0))
  })

  it('share memory only while they are small', () => {
    should(pooledFloats('float64', 4).buffer.byteLength).be.above(4096)
    should(pooledFloats('float64', 513).buffer.byteLength).equal(513 * 8)
  })

  it('are made like others', () => {
    for (const values of [new Float32Array(3), new Float64Array(5)]) {
      const made = pooledLike(values)
      should(made.constructor).equal(values.constructor)
      should(made).have.length(values.length)
    }
  })
})
