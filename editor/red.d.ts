/** What of Node-RED's editor this package uses. The typings that exist are of its 1.x. */

interface EditorNode {
  id: string
  type: string
  z?: string
  name?: string
  /** of link nodes: ids of those at the other end */
  links?: string[]
  _def: { defaults: Record<string, { value: unknown }>; label?: string | ((this: EditorNode) => string) }
  [field: string]: unknown
}

interface EditorLink {
  source: EditorNode
  target: EditorNode
}

interface SidebarTab {
  id: string
  name: string
  label: string
  iconClass: string
  content: unknown
  /** stays usable while a dialog is open */
  enableOnEdit?: boolean
  onchange?: () => void
}

/** An annotation of nodes on the canvas; `filter` and `popover` are of Node-RED 5. */
interface NodeBadge {
  type: 'badge'
  class?: string
  element(node: EditorNode): SVGElement
  filter?(node: EditorNode): boolean
  show?(node: EditorNode): boolean
  tooltip?(node: EditorNode): string
  popover?: { content(node: EditorNode): unknown; direction?: string; width?: number; maxWidth?: number }
}

declare const RED: {
  _(key: string, words?: Record<string, unknown>): string
  nodes: {
    node(id: string): EditorNode | null
    filterNodes(filter: object): EditorNode[]
    filterLinks(filter: object): EditorLink[]
    workspace(id: string): { id: string; label?: string } | undefined
    subflow(id: string): { id: string; name?: string } | undefined
    registerType(type: string, definition: object): void
    fontAwesome?: unknown
  }
  workspaces: { active(): string }
  view: {
    selection(): { nodes?: EditorNode[] }
    redraw(force?: boolean): void
    reveal(id: string): void
    annotations?: { register(id: string, badge: NodeBadge): void; unregister(id: string): void }
  }
  sidebar: { addTab(tab: SidebarTab): void; show(id: string): void }
  plugins: {
    registerPlugin(id: string, plugin: { type?: string; onadd?: () => void; onremove?: () => void }): void
  }
  actions: { add(id: string, action: () => void, options?: object): void }
  comms: {
    subscribe(topic: string, take: (topic: string, data: unknown) => void): void
    on?(event: 'connect' | 'disconnect', take: () => void): void
  }
  events: { on(event: string, take: (data: never) => void): void }
  settings: {
    get(name: string): unknown
    context?: { stores: string[]; default: string }
    getLocal?(name: string): string | null
    setLocal?(name: string, value: string): void
    theme?(name: string, usual?: unknown): unknown
  }
  notify(text: string, options?: string | object): void
  utils: { getNodeLabel(node: EditorNode, usual?: string): string }
  editor: { validateNode(node: EditorNode): boolean }
}

/** The editor's widget on jQuery. */
interface JQuery {
  typedInput(options: { default: string; types: readonly string[]; typeField: JQuery }): this
}

declare module '*.css'
