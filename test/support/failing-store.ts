/** A context store that fails when a test says so: at once, or by calling back, or not at all. */

export interface FailingStore {
  /** what is kept, by scope and key */
  readonly data: Map<string, unknown>
  /** throws: says so at once; later: calls back with the error; silent: never calls back */
  fails: false | 'throws' | 'later' | 'silent'
  /** does not tell at once what it has, as stores without a cache */
  answersLater: boolean
  /** values that were given to it, whether it took them or not */
  given: number
  /** for Node-RED's settings */
  readonly module: (config: object) => object
}

export function failingStore(): FailingStore {
  const data = new Map<string, unknown>()
  const reason = () => new Error('ENOSPC: no space left on device, write')
  const keyOf = (scope: string, key: string) => `${scope}/${key}`
  const store: FailingStore = {
    data,
    fails: false,
    answersLater: false,
    given: 0,
    module: () => ({
      open: () => Promise.resolve(),
      close: () => Promise.resolve(),
      clean: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      keys: (scope: string) =>
        [...data.keys()]
          .filter((key) => key.startsWith(`${scope}/`))
          .map((key) => key.slice(scope.length + 1)),
      get(scope: string, key: string, callback?: (error: unknown, value?: unknown) => void) {
        const value = data.get(keyOf(scope, key))
        if (callback) return void setImmediate(() => callback(undefined, value))
        if (store.answersLater) throw new Error('only asynchronous access supported')
        return value
      },
      set(scope: string, key: string, value: unknown, callback?: (error?: unknown) => void) {
        store.given += 1
        if (store.fails === 'throws') throw reason()
        if (store.fails === 'silent') return
        if (store.fails === 'later') {
          setImmediate(() => callback?.(reason()))
          return
        }
        if (value === undefined) data.delete(keyOf(scope, key))
        else data.set(keyOf(scope, key), value)
        setImmediate(() => callback?.())
      },
    }),
  }
  return store
}
