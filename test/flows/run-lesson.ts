/** Runs copies of an example flow that differ in their seed, side by side in one real Node-RED. */
import should from 'should'
import { example, startNodeRed } from '../support/node-red'
import { seeded } from '../support/seeded'

/** One of the copies. */
export interface Lesson {
  /** waits for what one of its function nodes logs */
  says(what: RegExp): Promise<RegExpMatchArray>
  /** all that its function nodes have logged so far that looks like this */
  said(what: RegExp): RegExpMatchArray[]
  /** presses a button and waits for what the debug node of this name shows next */
  asked(button: string, debug: string, shows: RegExp): Promise<string>
}

/** @param settings changes by node type */
export async function runLesson<Result>(
  name: string,
  seeds: readonly number[],
  look: (lesson: Lesson) => Promise<Result>,
  settings: Record<string, object> = {},
): Promise<Result[]> {
  const nodeRed = await startNodeRed(seeds.flatMap((seed) => copy(name, seed, settings)))
  const lesson = (seed: number): Lesson => {
    const pattern = (what: RegExp, flags?: string) =>
      new RegExp(`\\[function:seed-${seed}\\] ${what.source}`, flags)
    return {
      says: (what) => nodeRed.prints(pattern(what)),
      said: (what) => [...nodeRed.output().matchAll(pattern(what, 'g'))],
      async asked(button, debug, shows) {
        const shown = `\\[debug:seed-${seed} ${debug}\\]\\s+(${shows.source})`
        const before = [...nodeRed.output().matchAll(new RegExp(shown, 'g'))].length
        await fetch(`${nodeRed.url}/inject/seed-${seed}-${button}`, { method: 'POST' })
        const [, last] = await nodeRed.prints(new RegExp(`(?:${shown}[\\s\\S]*?){${before + 1}}`))
        return last
      },
    }
  }
  try {
    const results: Result[] = []
    for (const seed of seeds) results.push(await look(lesson(seed)))
    should(nodeRed.output()).not.match(/\[error\]/)
    return results
  } finally {
    await nodeRed.stop()
  }
}

/** Debug nodes and links get names of their own as well. */
function copy(name: string, seed: number, settings: Record<string, object>): object[] {
  return seeded(example(name), seed, `seed-${seed}`, settings).map((node) => ({
    ...node,
    ...(node.type === 'debug' && { name: `seed-${seed} ${node.name}` }),
    ...('links' in node && { links: (node.links as string[]).map((id) => `seed-${seed}-${id}`) }),
  }))
}

/** What each copy says at last: one number. */
export const lastWords = (
  name: string,
  seeds: readonly number[],
  words: RegExp,
  settings: Record<string, object> = {},
): Promise<number[]> => runLesson(name, seeds, async ({ says }) => Number((await says(words))[1]), settings)

export const table = (title: string, seeds: readonly number[], values: readonly unknown[]) =>
  console.log(`      ${title}: ${seeds.map((seed, index) => `seed ${seed} ${values[index]}`).join(', ')}`)
