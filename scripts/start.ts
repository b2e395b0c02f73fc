/** `npm start`: Node-RED with the demo flow, deployed and training, in a user directory of this project. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { copyAssets, root } from './assets'
import { placeFlow, prepareUserDirectory } from './user-directory'
import { nodeProgram, nodeRedScript } from './which-node-red'

const demo = resolve(root, 'examples/10 forecasting temperatures.json')
const directory = resolve(root, '.node-red')
const port = Number(process.env.PORT || 1880)

/** Whether a port can be had; the answer Node-RED itself would give comes late and long. */
const isFree = (wanted: number) =>
  new Promise<boolean>((answer) => {
    const server = createServer()
    server.once('error', () => answer(false))
    server.listen(wanted, '127.0.0.1', () => server.close(() => answer(true)))
  })

async function main(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    console.error(`PORT is to be a number from 1 to 65535, not "${process.env.PORT}".`)
    process.exit(1)
  }
  if (!(await isFree(port))) {
    console.error(
      `Port ${port} is taken. Choose another one:  PORT=${port === 65535 ? 1881 : port + 1} npm start`,
    )
    process.exit(1)
  }
  copyAssets()
  prepareUserDirectory(directory)
  placeFlow(directory, demo)
  console.log(`Node-RED will be at http://127.0.0.1:${port} with the demo flow training. Ctrl-C ends it.`)

  const settings = resolve(root, 'scripts/settings.cjs')
  const nodeRed = spawn(nodeProgram, [nodeRedScript, '--userDir', directory, '--settings', settings], {
    stdio: 'inherit',
  })
  nodeRed.on('exit', (code) => process.exit(code ?? 0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => nodeRed.kill('SIGTERM'))
}

main()
