/** What every wrong argument must end in: an ExpectedError, with this text. */
import should from 'should'
import { ExpectedError } from '../../src'

/** @param message the whole text, or what it must match */
export function throwsExpected(action: () => unknown, message: string | RegExp): void {
  let thrown: unknown
  try {
    action()
  } catch (error) {
    thrown = error
  }
  should(thrown).be.instanceOf(ExpectedError)
  const text = (thrown as Error).message
  if (typeof message === 'string') should(text).equal(message)
  else should(text).match(message)
}
