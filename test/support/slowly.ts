/** Work that is taken to be long, so that it goes to threads, whatever this machine and earlier tests have shown. */
import { estimate, learn, type Way } from '../../src/kernel/pool/estimate'

/** To be called in a describe: in each of its tests all work of this way is long. @returns an end to it within a test */
export function slowly(way: Way): () => void {
  const usual = estimate(1, way)
  const recover = () => {
    while (estimate(1, way) > usual) learn(1e12, way, 1)
  }
  beforeEach(() => {
    while (estimate(1, way) < 1000) learn(1, way, 1e9)
  })
  afterEach(recover)
  return recover
}
