/**
 * Bundles editor/ for the browser into resources/, which Node-RED serves: the sidebar, what the dialogs share, the styles
 * and fonts they need. Everything in resources/ is made here.
 */
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildSync } from 'esbuild'

const root = resolve(__dirname, '..')

export function buildEditor(): void {
  const outdir = resolve(root, 'resources')
  rmSync(outdir, { recursive: true, force: true })
  buildSync({
    absWorkingDir: root,
    entryPoints: ['editor/sidebar.tsx', 'editor/dialogs.ts'],
    outdir,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    tsconfig: 'editor/tsconfig.json',
    // browsers of today read woff2; the older forms are not needed
    loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
    assetNames: 'fonts/[name]',
    legalComments: 'linked',
    logLevel: 'warning',
  })
}
