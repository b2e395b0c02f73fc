/** The lesson of the sum: what its comments work out by hand is what the flow says. */
import should from 'should'
import { example, type NodeRed, startNodeRed } from '../support/node-red'

const name = '6 the sum, term by term'

/** of a derivation */
const lineCount = 16

describe(name, () => {
  let nodeRed: NodeRed
  before(async () => {
    nodeRed = await startNodeRed(example(name))
  })
  after(() => nodeRed.stop())

  let presses = 0
  /** @returns the lines of the derivation */
  const press = async (button: string): Promise<string[]> => {
    presses += 1
    await fetch(`${nodeRed.url}/inject/${button}`, { method: 'POST' })
    await nodeRed.prints(new RegExp(`(?:the same: difference \\S+\\s[\\s\\S]*?){${presses}}`, 'i'))
    const lines = [...nodeRed.output().matchAll(/\[debug:the sum\] (.*)/g)].map(([, line]) => line)
    should(lines.length).equal(presses * lineCount)
    return lines.slice(-lineCount)
  }

  it('says line by line what its comments work out by hand', async () => {
    const lines = await press('sum-again')
    const comments = example(name).map(({ info }) => String(info ?? ''))
    for (const line of lines)
      should(comments.some((info) => info.split('\n').includes(`    ${line}`))).be.true(
        `not in a comment: ${line}`,
      )
    should(lines).containEql('∂L/∂W by bptt-gradient: [[6.5, 1], [2, 0.5]]')
    should(lines.at(-1)).equal('the same: difference 0')
  })

  it('takes the step that they work out, and every further sum is that of the formula', async () => {
    const second = await press('sum-step')
    should(second[0]).equal('forward: x_1 = 1, h_1 = [0.865, 0]')
    should(second[3]).match(/^answer 3\.885, target 4: L = 0\.01333,/)
    const losses = [1, 0.01333]
    for (let step = 3; step <= 6; step++) {
      const lines = await press('sum-step')
      losses.push(Number(lines[3].match(/L = ([\d.e-]+)/)?.[1]))
      should(lines.at(-1)).match(/^the same: difference (0|\d\S*e-\d\d)$/)
    }
    console.log(`      losses: ${losses.join(', ')}`)
    for (let step = 1; step < losses.length; step++) should(losses[step]).be.below(losses[step - 1] / 10)
    should(nodeRed.output()).not.match(/\[error\]|NOT the same/)
  })

  it('starts again with the weights of the beginning', async () => {
    should((await press('sum-again'))[3]).equal('answer 5, target 4: L = 1, ∂L/∂o = 2')
  })
})
