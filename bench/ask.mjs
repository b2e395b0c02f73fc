/** Asks a URL twenty times a second for so many seconds; prints how many milliseconds each answer took, as JSON. */
import { setTimeout as pause } from 'node:timers/promises'

const [url, seconds] = process.argv.slice(2)
const end = performance.now() + 1000 * Number(seconds)
const answers = []
while (performance.now() < end) {
  const before = performance.now()
  const answer = await fetch(url)
  await answer.text()
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  answers.push(performance.now() - before)
  await pause(50)
}
console.log(JSON.stringify(answers))
