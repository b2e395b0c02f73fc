/** The package as it ships: packed, installed into an empty user directory, its nodes in the palette. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import should from 'should'
import { root } from '../../scripts/assets'
import { example, startNodeRed } from '../support/node-red'

const npm = (args: string[], cwd: string) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

describe('the packed package', () => {
  const packed = mkdtempSync(join(tmpdir(), 'rnn-packed-'))
  after(() => rmSync(packed, { recursive: true }))

  it('installs into an empty user directory, its six nodes appear, and its demo trains', async () => {
    npm(['pack', '--pack-destination', packed], root)
    const [tarball] = readdirSync(packed)
    const nodeRed = await startNodeRed(example('10 forecasting temperatures'), (directory) => {
      npm(['init', '--yes'], directory)
      npm(['install', '--omit=dev', resolve(packed, tarball)], directory)
    })
    try {
      const answer = await fetch(`${nodeRed.url}/nodes`, { headers: { Accept: 'application/json' } })
      const sets = (await answer.json()) as { module: string; types: string[]; err?: string }[]
      const ours = sets.filter(({ module }) => module === '@unrolled/node-red-rnn')
      should(ours.flatMap(({ types }) => types).sort()).eql([
        'bptt-gradient',
        'clip-gradient',
        'optimizer',
        'rnn-cell',
        'sequence-source',
        'unroll',
      ])
      should(ours.filter(({ err }) => err)).eql([])
      await nodeRed.prints(/step 200 of 2000/)
      const examples = await fetch(`${nodeRed.url}/library/examples/flows/@unrolled/node-red-rnn`)
      should(await examples.text()).match(/10 forecasting temperatures/)
      const style = await fetch(`${nodeRed.url}/resources/@unrolled/node-red-rnn/dialogs.css`)
      should(style.status).equal(200)
      for (const type of ['rnn-cell', 'optimizer']) {
        const icon = await fetch(`${nodeRed.url}/icons/@unrolled/node-red-rnn/${type}.svg`)
        should(icon.headers.get('content-type')).match(/svg/)
      }
    } finally {
      await nodeRed.stop()
    }
  })
})
