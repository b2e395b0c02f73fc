/** The words of a node's dialog, from its locale. */
export type Say = (key: string, words?: Record<string, unknown>) => string

export const wordsOf =
  (type: string): Say =>
  (key, words) =>
    RED._(`@unrolled/node-red-rnn/${type}:${type}.${key}`, words)
