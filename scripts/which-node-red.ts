/**
 * Which Node-RED is run, and by which Node: those of this project, unless the environment says others. RNN_NODE_RED is the
 * folder of a Node-RED, RNN_NODE the program of a Node.
 */
import { resolve } from 'node:path'
import { root } from './assets'

export const nodeProgram = process.env.RNN_NODE || process.execPath

export const nodeRedScript = resolve(
  process.env.RNN_NODE_RED || resolve(root, 'node_modules/node-red'),
  'red.js',
)
