/** A real MQTT broker for a test: Mosquitto on a free port of this machine, which keeps nothing; and a client of it. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MqttClient } from 'mqtt'
import { collect, freePort } from './node-red'

export interface Broker {
  readonly port: number
  readonly pid: number
  client(): Promise<MqttClient>
  stop(): Promise<void>
}

/** Debian puts it where not everybody looks. */
const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
const isThere = !spawnSync('mosquitto', ['-h'], { env: { PATH: path } }).error

/** Tests of MQTT are left out where there is no Mosquitto, unless RNN_REQUIRE_MOSQUITTO is set. */
export const hasMosquitto = isThere || Boolean(process.env.RNN_REQUIRE_MOSQUITTO)

/** The client that Node-RED brings with it. */
const { connectAsync } = createRequire(require.resolve('@node-red/nodes/package.json'))(
  'mqtt',
) as typeof import('mqtt')

export async function startMosquitto(): Promise<Broker> {
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'rnn-mosquitto-'))
  const settings = join(directory, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'log_dest stderr',
    'max_queued_messages 0',
    'set_tcp_nodelay true',
  ]
  writeFileSync(settings, `${lines.join('\n')}\n`)
  const child = spawn('mosquitto', ['-c', settings], { env: { PATH: path } })
  await collect(child).waitFor(/running/)
  const clients: MqttClient[] = []
  return {
    port,
    pid: child.pid as number,
    async client() {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`)
      clients.push(client)
      return client
    },
    async stop() {
      for (const client of clients) await client.endAsync(true)
      const ended = new Promise((resolved) => child.once('exit', resolved))
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await ended
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The flow with its brokers at another port. */
export const atPort = (flow: readonly Record<string, unknown>[], port: number): Record<string, unknown>[] =>
  flow.map((node) =>
    node.type === 'mqtt-broker' ? { ...node, broker: '127.0.0.1', port: String(port) } : node,
  )
