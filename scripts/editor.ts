/**
 * Bundles editor/ for the browser into resources/, which Node-RED serves: the sidebar, what the dialogs share, the styles
 * and fonts they need. Everything in resources/ is made here.
 */
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type BuildOptions, buildSync, context } from 'esbuild'

const root = resolve(__dirname, '..')
const outdir = resolve(root, 'resources')

const options: BuildOptions = {
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
}

export function buildEditor(): void {
  rmSync(outdir, { recursive: true, force: true })
  buildSync(options)
}

/** Bundles again whenever a file changes; a browser shows it when its page is loaded again. */
export async function watchEditor(): Promise<void> {
  await (await context(options)).watch()
}
