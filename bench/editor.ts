/**
 * What it costs to watch: training with an editor open against training alone, how busy the browser is with it, and
 * whether its memory stays as it is. The browser runs on the same machine, so it takes from the same cores.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import type { LoopDigest } from '../nodes/watch/wire'
import { launch } from '../test/support/browser'
import { example, type NodeRed, startNodeRed } from '../test/support/node-red'
import { openSidebar, showView, type ViewName, viewNames } from '../test/support/sidebar'
import { median, pairedRatio } from './statistics'

const networks = {
  'lesson 4 (T=30, H=16, B=32)': { source: {}, cell: {} },
  'T=200, H=64, B=16': { source: { length: '200', batch: '16' }, cell: { hiddenSize: '64' } },
}

const secondsOfRound = 10
const rounds = 5

/** Lesson 4 without an end, and with other sizes. */
const flowOf = ({ source, cell }: { source: object; cell: object }) =>
  example('4 many-to-many').map((node) => {
    if (node.type === 'sequence-source') return { ...node, budget: '', ...source }
    return node.type === 'rnn-cell' ? { ...node, ...cell } : node
  })

const stepOf = async ({ url }: NodeRed): Promise<number> => {
  const whole = (await (await fetch(`${url}/recurrent/loops/sine-cell`)).json()) as LoopDigest | null
  return whole?.progress.step ?? 0
}

/** Processor time that Node-RED has used, in seconds, all its threads together (Linux; elsewhere NaN). */
function processorTime({ pid }: NodeRed): number {
  try {
    // behind the name of the program: state, parent … user and system time in hundredths of a second
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return Number.NaN
  }
}

interface Pace {
  /** steps a second */
  readonly rate: number
  /** processor time of a step, in milliseconds: what others do on the machine does not show in it */
  readonly cost: number
}

async function paceOf(nodeRed: NodeRed, seconds: number): Promise<Pace> {
  const [begun, from, usedBefore] = [performance.now(), await stepOf(nodeRed), processorTime(nodeRed)]
  await pause(1000 * seconds)
  const [ended, to, used] = [performance.now(), await stepOf(nodeRed), processorTime(nodeRed)]
  const steps = to - from
  return { rate: (1000 * steps) / (ended - begun), cost: (1000 * (used - usedBefore)) / steps }
}

/** Share of the time that the page's main thread is busy. */
async function busyOf(page: Page, seconds: number): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
  }
  const [begun, from] = [performance.now(), await spent()]
  await pause(1000 * seconds)
  const share = (await spent()) - from
  await session.detach()
  return (1000 * share) / (performance.now() - begun)
}

interface Compared {
  readonly alone: readonly Pace[]
  readonly watched: readonly Pace[]
}

/** Training alone and with an editor that shows a view, by turns. */
async function compare(nodeRed: NodeRed, browser: Browser, view: ViewName): Promise<Compared> {
  const alone: Pace[] = []
  const watched: Pace[] = []
  const busy: number[] = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await paceOf(nodeRed, secondsOfRound))
    const { page } = await openSidebar(browser, nodeRed)
    await showView(page, view)
    await pause(3000)
    const [pace, share] = await Promise.all([paceOf(nodeRed, secondsOfRound), busyOf(page, secondsOfRound)])
    watched.push(pace)
    busy.push(share)
    await page.close()
    await pause(1000)
  }
  console.log(
    `  ${view.padEnd(9)} ${told({ alone, watched })}; browser busy ${(100 * median(busy)).toFixed(1)} %`,
  )
  return { alone, watched }
}

function told({ alone, watched }: Compared): string {
  const [rates, ratesWatched] = [alone, watched].map((paces) => paces.map(({ rate }) => rate))
  const [costs, costsWatched] = [alone, watched].map((paces) => paces.map(({ cost }) => cost))
  return (
    `${median(rates).toFixed(0)} steps/s alone, ${median(ratesWatched).toFixed(0)} watched, ` +
    `ratio ${pairedRatio(ratesWatched, rates).toFixed(3)}; ` +
    `${median(costs).toFixed(2)} ms of processor time a step alone, ${median(costsWatched).toFixed(2)} watched, ` +
    `ratio ${pairedRatio(costsWatched, costs).toFixed(3)}`
  )
}

export async function measureEditor(): Promise<void> {
  const browser = await launch()
  for (const [name, network] of Object.entries(networks)) {
    const nodeRed = await startNodeRed(flowOf(network))
    console.log(name)
    const all: Compared[] = []
    for (const view of viewNames) all.push(await compare(nodeRed, browser, view))
    // one view's few rounds are at the mercy of whatever else runs meanwhile
    console.log(
      `  all views ${told({ alone: all.flatMap((one) => one.alone), watched: all.flatMap((one) => one.watched) })}`,
    )
    await nodeRed.stop()
  }
  await browser.close()
}

/** The same at some forty steps a second, which leaves the machine to others for an hour. */
const unhurried = (flow: Record<string, unknown>[]) => [
  ...flow.map((node) => (node.type === 'optimizer' ? { ...node, wires: [['unhurried']] } : node)),
  {
    id: 'unhurried',
    type: 'delay',
    z: 'sine-tab',
    x: 1100,
    y: 120,
    pauseType: 'delay',
    timeout: '20',
    timeoutUnits: 'milliseconds',
    wires: [['sine-cell']],
  },
]

/** The page's heap while it shows training for a long time, view after view. */
export async function measureEditorMemory(minutes: number): Promise<void> {
  const nodeRed = await startNodeRed(unhurried(flowOf(networks['lesson 4 (T=30, H=16, B=32)'])))
  const browser = await launch()
  const { page } = await openSidebar(browser, nodeRed)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const heap: number[] = []
  for (let minute = 1; minute <= minutes; minute++) {
    await showView(page, viewNames[minute % viewNames.length])
    await pause(60_000)
    heap.push(await heapOf(session))
    if (minute % 5 === 0)
      console.log(`  minute ${minute}: ${heap[minute - 1].toFixed(1)} MB, step ${await stepOf(nodeRed)}`)
  }
  const ofRound = (from: number) => Math.max(...heap.slice(from, from + viewNames.length))
  const [early, late] = [ofRound(viewNames.length), ofRound(heap.length - viewNames.length)]
  console.log(
    `heap of the page: ${early.toFixed(1)} MB at first, ${late.toFixed(1)} MB at last, ratio ${(late / early).toFixed(3)}`,
  )
  await browser.close()
  await nodeRed.stop()
}

/** In MB, after what can be collected has been. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 2 ** 20
}
