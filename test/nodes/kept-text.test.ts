/** The text that a keeper keeps: what is not as it was written is refused, wherever it was damaged. */
import fc from 'fast-check'
import should from 'should'
import { fileOf, textOf } from '../../nodes/common/kept-text'
import { tensor } from '../../src'

const file = {
  tensors: new Map([
    ['W', tensor('float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
    ['c', tensor('float32', [1], Float32Array.of(0.5))],
  ]),
  metadata: { origin: '{"type":"gru"}', version: '17' },
}
const text = textOf(file)

describe('the text that is kept', () => {
  it('is read as it was written', () => {
    const { tensors, metadata } = fileOf(text)
    should(metadata).eql(file.metadata)
    should(Array.from(tensors.get('W')?.data ?? [])).eql([1, 2, 3, 4, 5, 6])
  })

  it('is refused with any other letter anywhere', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
        (place, letter) => {
          if (text[place] === letter) return
          should(() => fileOf(text.slice(0, place) + letter + text.slice(place + 1))).throw(/^expected /)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is refused if anything of it is missing, but the whole checksum', () => {
    for (let length = 0; length < text.length; length++)
      if (length !== text.length - 9) should(() => fileOf(text.slice(0, length))).throw(/^expected /)
    should(fileOf(text.slice(0, -9)).metadata.version).equal('17')
  })
})
