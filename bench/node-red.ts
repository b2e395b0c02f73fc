/** Node-RED's runtime in this process, without an editor, with our six nodes as they ship. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { prepareUserDirectory } from '../scripts/user-directory'

export interface FlowNode {
  receive(msg: object): void
  send(msg: object): void
  on(event: 'input', take: (msg: unknown, send: unknown, done: () => void) => void): void
}

export interface Runtime {
  deploy(nodes: readonly object[]): Promise<void>
  node(id: string): FlowNode
  /** calls `see` with every message that the node sends, until what is returned is called */
  watch(id: string, see: (msg: Record<string, unknown>) => void): () => void
  stop(): Promise<void>
}

/** @param server for http-in nodes, if there are any */
export async function startRuntime(server?: Server): Promise<Runtime> {
  const RED = require('node-red')
  const userDir = mkdtempSync(join(tmpdir(), 'rnn-bench-node-red-'))
  process.on('exit', () => rmSync(userDir, { recursive: true, force: true }))
  prepareUserDirectory(userDir)
  RED.init(server ?? null, {
    userDir,
    flowFile: 'flows.json',
    nodesDir: resolve(__dirname, 'gate'),
    httpAdminRoot: false,
    ...(server ? { httpNodeRoot: '/' } : { httpNodeRoot: false }),
    disableEditor: true,
    credentialSecret: false,
    telemetry: { enabled: false },
    logging: { console: { level: 'error', metrics: false, audit: false } },
  })
  if (server) server.on('request', RED.httpNode)
  const flowsStarted = () =>
    new Promise<void>((resolved) => RED.events.once('flows:started', () => resolved()))
  const begun = flowsStarted()
  await RED.start()
  await begun
  return {
    async deploy(nodes) {
      const started = flowsStarted()
      await RED.runtime.flows.setFlows({ flows: { flows: nodes }, deploymentType: 'full' })
      await started
    },
    node(id) {
      const node = RED.nodes.getNode(id)
      if (!node) throw new Error(`there is no node ${id}: is dist/ built?`)
      return node
    },
    watch(id, see) {
      RED.hooks.add('onSend.bench', (events: { source: { id: string }; msg: Record<string, unknown> }[]) => {
        for (const { source, msg } of events) if (source.id === id) see(msg)
      })
      return () => RED.hooks.remove('onSend.bench')
    },
    stop: () => RED.stop(),
  }
}
