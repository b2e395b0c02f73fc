/** The first sequence that a sequence-source with this configuration would send. */
import type { Node, NodeAPI } from 'node-red'
import { describe, ExpectedError, sentLimits } from '../../../src'
import { typedField } from '../../common/fields'
import { readDataFile, refuseLarge } from '../data-file'
import { type SequenceSourceConfig, sourceOptions } from '../options'
import { firstSequenceAside } from './aside'
import { within } from './bounds'
import type { SourcePreview } from './wire'

/** Bytes of a file, characters of a text. */
const largestData = 2_000_000

/** @throws ExpectedError for what the node itself would refuse, and for what is too large to look at in passing */
export async function sourcePreview(RED: NodeAPI, config: SequenceSourceConfig): Promise<SourcePreview> {
  const { options, from } = sourceOptions(config)
  if (from === 'payload') throw new ExpectedError('data that are there before a message comes', 'msg.payload')
  const size = options.text?.length ?? 0
  if (size > largestData)
    throw new ExpectedError(`a text of at most ${largestData} characters for a preview`, `${size}`)
  const data = from === 'file' ? await dataOf(RED, config) : undefined
  return firstSequenceAside({ options: within(options), data, limits: sentLimits() })
}

/** Whether there is a file to be read, if the configuration is one at all. */
export function readsFile(config: SequenceSourceConfig): boolean {
  try {
    return sourceOptions(config).from === 'file'
  } catch {
    return false
  }
}

async function dataOf(RED: NodeAPI, config: SequenceSourceConfig): Promise<string> {
  const name = nameOf(RED, config)
  await refuseLarge(RED, name, largestData)
  return readDataFile(RED, name)
}

/** Of an environment variable for a node that is deployed also what its flow and group say. */
function nameOf(RED: NodeAPI, { id, file, fileType = 'str' }: SequenceSourceConfig): string {
  if (fileType !== 'str' && fileType !== 'env')
    throw new ExpectedError('a file whose name is known before a message comes', `one from ${fileType}`)
  const node = RED.nodes.getNode(id) as Node
  const name = typedField(RED, node, { name: 'file', value: file, type: fileType })
  if (typeof name === 'string' && name !== '') return name
  throw new ExpectedError('the name of a file', name === undefined ? 'a blank field' : describe(name))
}
