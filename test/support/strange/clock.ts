/** A clock of a test's own: what depends on the time must not depend on how fast this machine is. */
const stepOfClock = 1000

/** While `work` is done, every look at the time finds the same, until `step` puts it on by a second. */
export async function withOwnClock<T>(work: (step: () => void) => Promise<T>): Promise<T> {
  const [now, date] = [performance.now, Date.now]
  let clock = 1e9
  performance.now = () => clock
  Date.now = () => clock
  try {
    return await work(() => {
      clock += stepOfClock
    })
  } finally {
    performance.now = now
    Date.now = date
  }
}
