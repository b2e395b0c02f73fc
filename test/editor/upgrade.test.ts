/** Flows of earlier versions in the editor: opened, saved and deployed, they mean what they meant. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import should from 'should'
import { currentVersion } from '../../nodes/common/migrations/migrate'
import { cellFromFile } from '../../nodes/rnn-cell/kept-cell'
import { type RnnCellConfig, readCellOptions } from '../../nodes/rnn-cell/options'
import { decodeSafetensors } from '../../src'
import { browserPath, launch } from '../support/browser'
import { closeDialog, openDialog, openEditor, types } from '../support/editor'
import { startNodeRed } from '../support/node-red'
import { meaningOf, type SavedNode, savedBy, savedVersions } from '../support/saved-flows'

describe('a flow in the editor that was saved by', () => {
  let browser: Browser
  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    browser = await launch()
  })
  after(() => browser?.close())

  for (const version of savedVersions)
    it(`${version}: each dialog, opened and closed, leaves it as it was meant, in the form of this version`, async () => {
      const { flow, kept } = savedBy(version)
      const before = flow.filter(({ type }) => type !== 'inject')
      const nodeRed = await startNodeRed(before)
      try {
        const { page, problems } = await openEditor(browser, nodeRed, { width: 1280, height: 800 })
        for (const type of types) {
          await openDialog(page, type)
          await closeDialog(page, 'ok')
        }
        await page.evaluate('RED.nodes.dirty(true)')
        await page.click('#red-ui-header-button-deploy')
        await nodeRed.prints(/Started flows.*Started (modified )?(flows|nodes)/s)
        const saved = readFileSync(join(nodeRed.userDirectory, 'flows.json'), 'utf8')
        const after: SavedNode[] = JSON.parse(saved)
        for (const type of types) {
          const [was, is] = [before, after].map(
            (flow) => flow.find((node) => node.type === type) as SavedNode,
          )
          should(is.configVersion).equal(currentVersion(type))
          should(meaningOf(is)).eql(meaningOf(was))
        }
        const cell = after.find(({ type }) => type === 'rnn-cell') as unknown as RnnCellConfig
        const file = decodeSafetensors(Buffer.from(kept['rnn-cell:cell'], 'base64'))
        should(cellFromFile(file, readCellOptions(cell).origin)).have.property('parameters')
        should(problems).eql([])
      } finally {
        await nodeRed.stop()
      }
    })
})
