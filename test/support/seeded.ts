/** Copies of an example flow that differ in their seed, to run side by side. */
type Node = Record<string, unknown> & { id: string; type: string }

/**
 * @param report new name of the function node that reports, by which its lines in the log are told apart
 * @param settings changes by node type
 */
export function seeded(
  flow: readonly Record<string, unknown>[],
  seed: number,
  report: string,
  settings: Record<string, object> = {},
): Node[] {
  const ids = new Map(flow.map(({ id }) => [id, `${report}-${id}`]))
  const renamed = (id: unknown) => ids.get(id as string) ?? id
  return (flow as Node[]).map((node) => ({
    ...node,
    ...settings[node.type],
    id: renamed(node.id) as string,
    ...('z' in node && { z: renamed(node.z) }),
    ...('wires' in node && { wires: (node.wires as string[][]).map((port) => port.map(renamed)) }),
    ...('seed' in node && { seed: String(seed) }),
    ...(node.type === 'function' && { name: report }),
  }))
}
