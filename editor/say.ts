/** The sidebar's words, from the locales. */
const catalogue = '@unrolled/node-red-rnn/recurrent:recurrent.'

export const say = (key: string, words?: Record<string, unknown>): string => RED._(catalogue + key, words)
