/** What the browser gets for the dialogs: small, with only those parts of the library that it needs. */
import { buildSync } from 'esbuild'
import should from 'should'
import { root } from '../../../scripts/assets'

const { outputFiles, metafile } = buildSync({
  absWorkingDir: root,
  entryPoints: ['editor/dialogs.ts'],
  outdir: 'resources',
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: 'iife',
  target: 'es2022',
  tsconfig: 'editor/tsconfig.json',
})
const sizeOf = (ending: string) =>
  outputFiles.find(({ path }) => path.endsWith(ending))?.contents.length ?? Number.POSITIVE_INFINITY

describe('the bundle of the dialogs', () => {
  it('is small', () => {
    should(sizeOf('.js')).be.below(66_000)
    should(sizeOf('.css')).be.below(5000)
  })

  it('has the tables of the library in it, and nothing that computes batches', () => {
    const inputs = Object.keys(metafile.inputs)
    should(inputs).containEql('src/sequence-source/options.ts').and.containEql('src/optimizer/rules.ts')
    should(
      inputs.filter((path) => /^src\/(index|kernel\/(wasm|pool)|sequence-source\/tasks)/.test(path)),
    ).eql([])
  })
})
