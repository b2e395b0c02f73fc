/** What a stream knows, kept over a deploy and, in a store of files, over a restart. */
import { type SafetensorsFile, type SensorStream, type StreamOptions, sensorStream } from '../../../src'
import { keeper } from '../../common/keeper'
import type { NodeContext } from '../../common/node'

/** It is written so often, and when the node is closed: to write it takes a while, and little is lost. */
const interval = 30_000

export interface KeptStream {
  /** the stream of before, and its run */
  read(): { readonly stream: SensorStream; readonly run: string } | undefined
  /** it has changed */
  write(stream: SensorStream, run: string): void
  /** @param removed the node is gone for good */
  close(removed: boolean, stream: SensorStream, run: string): Promise<void>
}

export function keptStream(
  context: NodeContext,
  store: string | undefined,
  options: StreamOptions,
): KeptStream {
  const kept = keeper(context, store, { name: 'stream', interval })
  const origin = originOf(options)
  const toFile = (stream: SensorStream, run: string) => (): SafetensorsFile => ({
    tensors: new Map(),
    metadata: { origin, run, stream: JSON.stringify(stream.state()) },
  })

  return {
    read() {
      const found = kept.read(({ metadata }) =>
        metadata.origin === origin
          ? { stream: sensorStream(options, JSON.parse(metadata.stream)), run: metadata.run }
          : undefined,
      )
      kept.sayAnew()
      return found
    },
    write: (stream, run) => kept.write(toFile(stream, run)),
    close: (removed, stream, run) => kept.close(removed, toFile(stream, run)),
  }
}

/** Options that decide what steps and windows are. Others may change: a stream goes on with them. */
function originOf(options: StreamOptions): string {
  const { columns, targetColumns, length, horizon, stride, targetsPer } = options
  const { time, timeField, interval: step, resample, scaling } = options
  return JSON.stringify([
    [columns, targetColumns, length, horizon, stride, targetsPer],
    [time, timeField, step, resample, scaling],
  ])
}
