declare module 'node-red-node-test-helper' {
  interface TestHelper {
    init(runtimePath: string, settings?: object): void
    load(nodes: unknown[], flow: object[], credentials?: object): Promise<void>
    unload(): Promise<void>
    setFlows(flow: object[], type?: 'full' | 'flows' | 'nodes'): Promise<void>
    startServer(done: () => void): void
    stopServer(done: () => void): void
    getNode(id: string): import('node-red').Node & { wires: string[][] }
    _context: { load(): Promise<void> }
    _RED: { hooks: { add(name: string, hook: (event: object) => void): void; remove(name: string): void } }
  }
  const helper: TestHelper
  export = helper
}
