/** Who looks: what an editor does not repeat ends by itself. */
import should from 'should'
import { viewers } from '../../../nodes/watch/viewers'
import { leaseTime } from '../../../nodes/watch/wire'

describe('viewers', () => {
  it('see what they asked for, for as long as they repeat it', () => {
    let time = 0
    const own = viewers(() => time)
    should(own.sees('a')).be.false()
    own.look(['a', 'b'])
    time = leaseTime - 1
    should(own.sees('a')).be.true()
    own.look(['b'])
    time = leaseTime + 1
    should(own.sees('a')).be.false()
    should(own.sees('b')).be.true()
  })

  it('cannot fill memory with names', () => {
    const own = viewers(() => 0)
    for (let index = 0; index < 1000; index++) own.look([`loop ${index}`])
    should(own.sees('loop 0')).be.false()
    should(own.sees('loop 999')).be.true()
  })
})
