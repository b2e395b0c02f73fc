/** Which loop a node belongs to: that of the rnn-cell which its messages come to, or else come from. */

const types = ['sequence-source', 'rnn-cell', 'unroll', 'bptt-gradient', 'clip-gradient', 'optimizer']

/** Nodes a search looks at, in flows of any size. */
const mostVisited = 500

export const cellsOn = (tab: string): EditorNode[] => RED.nodes.filterNodes({ z: tab, type: 'rnn-cell' })

export const allCells = (): EditorNode[] => RED.nodes.filterNodes({ type: 'rnn-cell' })

/** The id of the rnn-cell; undefined for a node that is none of ours or is not wired to one. */
export function loopOf(node: EditorNode): string | undefined {
  if (!types.includes(node.type)) return undefined
  return nearest(node, 'rnn-cell', next) ?? nearest(node, 'rnn-cell', before)
}

/** The sequence-source that feeds an rnn-cell. */
export function sourceOf(cell: string): string | undefined {
  const node = RED.nodes.node(cell)
  return node ? nearest(node, 'sequence-source', before) : undefined
}

function next(node: EditorNode): EditorNode[] {
  const wired = RED.nodes.filterLinks({ source: { id: node.id } }).map(({ target }) => target)
  return node.type === 'link out' ? [...wired, ...linked(node)] : wired
}

function before(node: EditorNode): EditorNode[] {
  const wired = RED.nodes.filterLinks({ target: { id: node.id } }).map(({ source }) => source)
  return node.type === 'link in' ? [...wired, ...linked(node)] : wired
}

const linked = ({ links }: EditorNode): EditorNode[] =>
  (links ?? []).map((id) => RED.nodes.node(id)).filter((node) => node !== null)

function nearest(
  from: EditorNode,
  type: string,
  neighbours: (node: EditorNode) => EditorNode[],
): string | undefined {
  const seen = new Set([from])
  for (const node of seen) {
    if (node.type === type) return node.id
    if (seen.size > mostVisited) return undefined
    for (const neighbour of neighbours(node)) seen.add(neighbour)
  }
  return undefined
}

/** What a person calls the loop: its flow, and the cell where the flow has several. */
export function nameOf(cell: string): string {
  const node = RED.nodes.node(cell)
  if (!node?.z) return cell
  const tab = RED.nodes.workspace(node.z)?.label ?? RED.nodes.subflow(node.z)?.name ?? ''
  const label = RED.utils.getNodeLabel(node, node.type)
  const alike = cellsOn(node.z).filter((other) => RED.utils.getNodeLabel(other, other.type) === label)
  const number = alike.length > 1 ? ` (${alike.findIndex(({ id }) => id === cell) + 1})` : ''
  return `${tab} · ${label}${number}`
}
