/** Work that is taken to be long, so that it goes to threads, whatever this machine and earlier tests have shown. */
import type { Speed } from '../../src/kernel/pool/estimate'

/** To be called in a describe: in each of its tests all work of these kinds is long. @returns an end to it within a test */
export function slowly(...speeds: readonly Speed[]): () => void {
  const usual = speeds.map((speed) => speed.estimate(1))
  const recover = () =>
    speeds.forEach((speed, index) => {
      while (speed.estimate(1) > usual[index]) speed.learn(1e12, 1)
    })
  beforeEach(() => {
    for (const speed of speeds) while (speed.estimate(1) < 1000) speed.learn(1, 1e9)
  })
  afterEach(recover)
  return recover
}
