/** Flows and kept models of earlier versions in this one: they load, go on with what was learned, and train. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import should from 'should'
import { prepareUserDirectory } from '../../scripts/user-directory'
import { decodeSafetensors, toNested } from '../../src'
import { settingsWithFiles } from '../support/lasting-flow'
import { build, startNodeRed } from '../support/node-red'
import { type SavedNode, savedBy, savedVersions } from '../support/saved-flows'

const complaint = /\[(error|warn)\] \[(sequence-source|rnn-cell|unroll|bptt|clip|optimizer)/

/** The flow with the model said before training goes on, and so many batches to go. */
function asksFirst(flow: readonly SavedNode[], budget: string): SavedNode[] {
  const place = { z: 'tab', x: 0, y: 0 }
  return [
    ...flow.map((node) => {
      if (node.type === 'inject')
        return { ...node, props: [{ p: 'export', v: 'json', vt: 'str' }], wires: [['cell']] }
      if (node.id === 'source') return { ...node, budget }
      if (node.id === 'print')
        return { ...node, func: 'node.log("model " + msg.payload.replaceAll(/\\s/g, ""))' }
      return node
    }),
    { ...place, id: 'go', type: 'inject', props: [], once: true, onceDelay: '1', wires: [['source']] },
  ]
}

describe('a flow that was saved by', () => {
  before(build)

  for (const version of savedVersions) {
    const { flow, kept, demo } = savedBy(version)

    it(`${version} goes on from the weights and moments that it kept there`, async () => {
      const prepare = (directory: string) => {
        prepareUserDirectory(directory)
        mkdirSync(join(directory, 'context/tab'), { recursive: true })
        writeFileSync(join(directory, 'context/tab/flow.json'), JSON.stringify(kept))
      }
      const nodeRed = await startNodeRed(asksFirst(flow, '100'), prepare, settingsWithFiles)
      try {
        const [, first] = await nodeRed.prints(/model (\{.*\})/)
        const { tensors } = decodeSafetensors(Buffer.from(kept['rnn-cell:cell'], 'base64'))
        const { parameters } = JSON.parse(first)
        should(Object.keys(parameters).sort()).eql([...tensors.keys()].sort())
        for (const [name, tensor] of tensors) should(parameters[name]).eql(toNested(tensor))
        // forty updates were made there
        await nodeRed.prints(/\] step 41\n/)
        await nodeRed.prints(/\] step 60\n/)
        should(nodeRed.output()).not.match(complaint)
      } finally {
        await nodeRed.stop()
      }
    })

    if (demo)
      it(`${version}, its demo, trains`, async () => {
        const nodeRed = await startNodeRed(demo)
        try {
          await nodeRed.prints(/step 200 of 2000: loss [\d.]+, gradient norm [\d.]+, ok/)
          should(nodeRed.output()).not.match(complaint)
        } finally {
          await nodeRed.stop()
        }
      })
  }
})
