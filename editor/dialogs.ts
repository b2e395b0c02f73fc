/**
 * What the dialogs of the six nodes do in the editor. A node's html finds under its type `check(node, field, value)` for its
 * validators, `open(node)` for `oneditprepare`, and for some `label(node)`.
 */
import './dialogs/rows.css'
import './dialogs/pictures.css'
import * as bpttGradient from './dialogs/bptt-gradient'
import * as clipGradient from './dialogs/clip-gradient'
import * as optimizer from './dialogs/optimizer/dialog'
import * as rnnCell from './dialogs/rnn-cell/dialog'
import * as sequenceSource from './dialogs/sequence-source/dialog'
import * as unroll from './dialogs/unroll/dialog'

const rnnDialogs = {
  'sequence-source': sequenceSource,
  'rnn-cell': rnnCell,
  unroll,
  'bptt-gradient': bpttGradient,
  'clip-gradient': clipGradient,
  optimizer,
}

Object.assign(globalThis, { rnnDialogs })
