/** `npm start`: what it prints, PORT, a taken port. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import should from 'should'
import { root } from '../../scripts/assets'
import { build, collect, freePort } from '../support/node-red'

const start = (port: number | string) =>
  spawn(process.execPath, ['--import', 'tsx', resolve(root, 'scripts/start.ts')], {
    cwd: root,
    env: { ...process.env, PORT: String(port) },
  })

describe('npm start', () => {
  before(build)

  it('prints the address, trains by itself, ends with the forecast error against the naive one, and can be asked', async () => {
    const port = await freePort()
    const child = start(port)
    const ended = new Promise((end) => child.once('exit', end))
    const printed = collect(child)
    try {
      await printed.waitFor(new RegExp(`http://127\\.0\\.0\\.1:${port}`))
      for (const step of [1, 200, 1000, 2000])
        await printed.waitFor(new RegExp(`step ${step} of 2000: loss [\\d.]+, gradient norm [\\d.]+, \\w+`))
      await printed.waitFor(/forecast error on the held-out days: 2\.\d\d °C, naive 2\.48 °C/)
      await fetch(`http://127.0.0.1:${port}/inject/forecast-ask`, { method: 'POST' })
      const [, tomorrow] = await printed.waitFor(/debug:tomorrow, °C\]\s*\[\s*([\d.]+)\s*\]/)
      should(Number(tomorrow)).be.within(8, 20)
    } finally {
      child.kill('SIGTERM')
      await ended
    }
  })

  it('says so when the port is taken', async () => {
    const server = createServer()
    const port = await new Promise<number>((listening) =>
      server.listen(0, '127.0.0.1', () => listening((server.address() as { port: number }).port)),
    )
    try {
      const child = start(port)
      const printed = collect(child)
      const code = await new Promise((end) => child.once('close', end))
      should(code).equal(1)
      should(printed.text()).match(
        new RegExp(`Port ${port} is taken\\. Choose another one:  PORT=\\d+ npm start`),
      )
    } finally {
      server.close()
    }
  })
})
