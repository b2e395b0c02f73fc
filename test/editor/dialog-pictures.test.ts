/** The pictures in the dialogs, in a browser: they follow the fields, and say in words what they show. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import should from 'should'
import { browserPath, launch } from '../support/browser'
import { closeDialog, enter, openDialog, openEditor, still, unfold } from '../support/editor'
import { type NodeRed, startNodeRed } from '../support/node-red'
import { barriers, keepPicture, setTheme } from '../support/sidebar'

describe('the pictures in the dialogs', () => {
  let nodeRed: NodeRed
  let browser: Browser
  let page: Page
  let problems: string[] = []

  before(async function () {
    if (!browserPath && !process.env.RNN_REQUIRE_BROWSER) return this.skip()
    nodeRed = await startNodeRed(still('10 forecasting temperatures'))
    browser = await launch()
    const opened = await openEditor(browser, nodeRed, { width: 1280, height: 800 })
    page = opened.page
    problems = opened.problems
  })
  after(async () => {
    await browser?.close()
    await nodeRed?.stop()
  })
  afterEach(async () => {
    if (page && (await page.locator('#node-dialog-cancel').isVisible())) await closeDialog(page, 'cancel')
  })

  const textOf = async (selector: string) => (await page.locator(selector).first().textContent()) ?? ''
  const textsOf = (selector: string) => page.locator(selector).allTextContents()
  /** What a picture says to somebody who does not see it. */
  const alternative = async (place: string) => {
    const svg = page.locator(`${place} svg[role="img"]`)
    const ids = ((await svg.getAttribute('aria-labelledby')) ?? '').split(' ')
    return Promise.all(ids.map((id) => textOf(`#${id}`)))
  }
  const hasAlternative = async (place: string) => {
    const [title, description] = await alternative(place)
    should(title.length).be.above(3)
    should(description).match(/\w+ .*\w+/)
  }

  it('rnn-cell draws the cell that is chosen, with its gates', async () => {
    await openDialog(page, 'rnn-cell')
    const gates = async (fields: Record<string, string | boolean>) => {
      await enter(page, fields)
      await hasAlternative('#rnn-cell-picture')
      return textsOf('#rnn-cell-picture .rnn-gate')
    }
    should(await gates({ cellType: 'rnn' })).eql([])
    should(await textsOf('#rnn-cell-picture .rnn-letter')).eql(['W', 'U', 'b'])
    const after = await gates({ cellType: 'gru' })
    should(after.sort()).eql(['n', 'r', 'z'])
    const [, resetAfter] = await alternative('#rnn-cell-picture')
    should(await textsOf('#rnn-cell-picture .rnn-letter')).eql(['W,bn'])
    await gates({ resetAfter: false })
    should((await alternative('#rnn-cell-picture'))[1]).not.equal(resetAfter)
    should((await gates({ cellType: 'lstm' })).sort()).eql(['f', 'g', 'i', 'o'])
    should(await page.locator('#rnn-cell-picture .rnn-peephole').count()).equal(0)
    await gates({ peepholes: true })
    should(await page.locator('#rnn-cell-picture .rnn-peephole').count()).be.above(3)
    await enter(page, { activation: 'relu', gateActivation: 'hard-sigmoid' })
    should(await textOf('#rnn-cell-picture figcaption')).match(/relu.*hard sigmoid/)
  })

  it('rnn-cell counts the weights while sizes are typed in', async () => {
    await openDialog(page, 'rnn-cell')
    should(await textOf('.rnn-counts tfoot')).match(/D and O/)
    await enter(page, { inputSize: '2', outputSize: '1', hiddenSize: '8', layers: '1' })
    should(await textOf('.rnn-counts tfoot')).equal('97 in all')
    should(await textsOf('.rnn-counts tbody tr')).eql(['W8 × 864', 'U8 × 216', 'b88', 'V1 × 88', 'c11'])
    await enter(page, { layers: '0' })
    should(await page.locator('.rnn-counts').count()).equal(0)
  })

  it('unroll draws the topology that is chosen, and what is fed back', async () => {
    await openDialog(page, 'unroll')
    const count = async (name: string) => page.locator(`#unroll-picture .rnn-${name}`).count()
    for (const [topology, boxes] of [
      ['one-to-one', [1, 1, 1]],
      ['one-to-many', [1, 3, 3]],
      ['many-to-one', [3, 3, 1]],
      ['many-to-many', [3, 3, 3]],
      ['encoder-decoder', [3, 5, 2]],
    ] as const) {
      await enter(page, { topology })
      should([await count('x'), await count('h'), await count('o')]).eql([...boxes])
      should(await count('fed')).equal(0)
      await hasAlternative('#unroll-picture')
    }
    await enter(page, { feed: 'output' })
    should(await count('fed')).equal(1)
    should((await alternative('#unroll-picture'))[1]).match(/The answer before goes in at step 5\./)
  })

  it('optimizer draws the schedule over the budget of the source', async () => {
    await openDialog(page, 'optimizer')
    should(await page.locator('#optimizer-curve').isVisible()).be.false()
    const line = () => page.locator('#optimizer-curve .rnn-line').getAttribute('d')
    const drawn = new Set<string | null>()
    for (const schedule of ['cosine', 'polynomial', 'one-cycle']) {
      await enter(page, { schedule })
      drawn.add(await line())
      await hasAlternative('#optimizer-curve')
      should((await alternative('#optimizer-curve'))[1]).match(/at update 2000\.$/)
    }
    should(drawn.size).equal(3)
    should(await page.locator('#optimizer-curve .rnn-part').count()).equal(0)
    await enter(page, { warmupSteps: '500' })
    should(await page.locator('#optimizer-curve .rnn-part').count()).equal(1)
    should(drawn).not.containEql(await line())
    await enter(page, { learningRate: 'flow.eta' })
    should(await textsOf('#optimizer-curve text')).containEql('share of η')
  })

  it('optimizer says in words where there is no curve', async () => {
    await openDialog(page, 'optimizer')
    await enter(page, { schedule: 'reduce-on-plateau', warmupSteps: '' })
    should(await page.locator('#optimizer-curve').isVisible()).be.false()
    should(await textOf('#optimizer-curve-note')).match(/validation loss/)
    await enter(page, { schedule: 'exponential', scheduleGamma: '' })
    should(await textOf('#optimizer-curve-note')).match(/Drawn when/)
    await enter(page, { scheduleGamma: '0.999' })
    should(await page.locator('#optimizer-curve').isVisible()).be.true()
    await enter(page, { schedule: 'constant' })
    should(await page.locator('#optimizer-curve').isVisible()).be.false()
    should(await page.locator('#optimizer-curve-note').isVisible()).be.false()
  })

  const preview = '#sequence-source-preview'
  const previewed = (pattern: RegExp) =>
    page.waitForFunction(
      ([place, source]) => new RegExp(source).test(document.querySelector(place)?.textContent ?? ''),
      [preview, pattern.source],
    )

  it('sequence-source shows the first sequence of a file, and of another one when it changes', async () => {
    await openDialog(page, 'sequence-source')
    await previewed(/steps: 24, features: 1/)
    await hasAlternative(preview)
    const line = () => page.locator(`${preview} .rnn-line`).first().getAttribute('d')
    const before = await line()
    should(await page.locator(`${preview} .rnn-mark`).count()).equal(1)
    await enter(page, { length: '48' })
    await previewed(/steps: 48, features: 1/)
    should(await line()).not.equal(before)
    await enter(page, { file: 'nothing.csv' })
    await previewed(/Expected a file that can be read/)
    await enter(page, { from: 'payload' })
    await previewed(/comes from msg\.payload, when the flow runs/)
  })

  it('sequence-source shows the first sequence of every task', async () => {
    await openDialog(page, 'sequence-source')
    await enter(page, { length: '' })
    const tasks = await page.$$eval('#node-input-task option', (options) =>
      options.map((option) => (option as HTMLOptionElement).value),
    )
    // what comes as readings, or has to be given first, is not asked for
    const isMade = (name: string) => !['dataset', 'text', 'stream'].includes(name)
    for (const task of tasks.filter(isMade)) {
      const answered = page.waitForResponse(/recurrent\/preview$/)
      await enter(page, { task })
      const { length, inputSize } = await (await answered).json()
      await previewed(new RegExp(`steps: ${length}, features: ${inputSize}\\)`))
      await hasAlternative(preview)
      const shapes = await page.locator(`${preview} :is(path, rect)`).count()
      should(shapes).be.above(1, task)
    }
  })

  it('sequence-source asks for what a task needs before it shows anything', async () => {
    await openDialog(page, 'sequence-source')
    await enter(page, { task: 'text' })
    await previewed(/Text: type or paste some/)
    await enter(page, { text: 'to be or not to be '.repeat(9), length: '' })
    await previewed(/steps: 20/)
    should((await textsOf(`${preview} .rnn-cells`)).length).equal(2)
    await enter(page, { length: '$' + '{STEPS}' })
    await previewed(/is known when the flow runs/)
    await enter(page, { task: 'stream' })
    await previewed(/cut from the readings when the flow runs/)
  })

  it('sequence-source takes nothing of the data for HTML', async () => {
    const name = '<img src=x onerror="window.wrong = true">'
    const file = join(nodeRed.userDirectory, 'names.csv')
    writeFileSync(
      file,
      `"${name.replaceAll('"', '""')}"\n${Array.from({ length: 60 }, (_, row) => row).join('\n')}`,
    )
    await openDialog(page, 'sequence-source')
    await enter(page, { file, length: '' })
    await previewed(/<img src/)
    await enter(page, { columns: name })
    await enter(page, { task: 'text', text: '<b>bold</b> '.repeat(20) })
    await previewed(/steps: 20/)
    should(await page.locator(`${preview} :is(img, b)`).count()).equal(0)
    should(await page.evaluate(() => 'wrong' in window)).be.false()
  })

  for (const theme of ['light', 'dark'] as const)
    it(`the pictures can be read by everybody in the ${theme} theme`, async () => {
      await setTheme(page, theme)
      for (const [type, fields] of [
        ['sequence-source', { task: 'embedded-reber', length: '' }],
        ['rnn-cell', { cellType: 'lstm', peepholes: true }],
        ['unroll', { topology: 'encoder-decoder' }],
        ['optimizer', { schedule: 'cosine', warmupSteps: '200' }],
      ] as const) {
        await openDialog(page, type)
        await enter(page, fields)
        await page.waitForTimeout(900)
        should(await barriers(page, '.rnn-dialog .rnn-picture')).eql([])
        await unfold(page, false)
        await keepPicture(page, `dialog-${type}-${theme}`)
        await closeDialog(page, 'cancel')
      }
      await setTheme(page, 'light')
    })

  it('nothing went wrong on the page', () => {
    should(problems).eql([])
  })
})
