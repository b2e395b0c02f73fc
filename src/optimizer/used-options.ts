/** An option that nothing uses is an error: what a person has set must have an effect. */
import { ExpectedError } from '../expected'

/**
 * @param kind what the table is of, for the error: rule, schedule
 * @param given options; undefined values count as not given
 * @param table of the options that each choice uses
 * @throws ExpectedError naming the option that `choice` does not use, and the choices that do
 */
export function refuseUnused<Choice extends string>(
  kind: string,
  choice: Choice,
  given: object,
  table: Readonly<Record<Choice, readonly string[]>>,
): void {
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined || table[choice].includes(option)) continue
    const users = (Object.keys(table) as Choice[]).filter((name) => table[name].includes(option))
    throw users.length > 0
      ? new ExpectedError(`${option} only with the ${kind} ${users.join(', ')}`, `it with ${choice}`)
      : new ExpectedError(`an option of the ${kind} ${choice}: ${table[choice].join(', ')}`, option)
  }
}
