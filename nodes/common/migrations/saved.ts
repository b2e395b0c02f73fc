/** A node's configuration as some version of this package has saved it. */
export type Saved = Readonly<Record<string, unknown>>

/** A step from one form of a node's configuration to the next; what means the same in both stays as it is. */
export type Migration = (config: Saved) => Saved
