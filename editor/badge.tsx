/** A badge on every bptt-gradient of the canvas: the norms of the terms over time, small; its popover shows more. */
import { render } from 'preact'
import { type LoopState, onChange, stateOfLoop } from './loop/feed'
import { loopOf } from './loop/follow'
import { say } from './say'
import { ThroughTime } from './views/through-time'

const [width, height] = [46, 12]
const most = 23

const paths = new Map<string, SVGPathElement>()
const shown = new Set<string>()

const stateOfNode = (node: EditorNode): LoopState | undefined => {
  const cell = loopOf(node)
  const state = cell === undefined ? undefined : stateOfLoop(cell)
  return state?.digest.bptt === node.id ? state : undefined
}

const isGradient = (node: EditorNode): boolean => node.type === 'bptt-gradient'
const isShown = (node: EditorNode): boolean =>
  isGradient(node) && stateOfNode(node)?.digest.through !== undefined

export function addBadge(): void {
  RED.view.annotations?.register('rnn-terms', {
    type: 'badge',
    class: 'rnn-badge',
    filter: isGradient,
    show: isShown,
    element: (node) => elementFor(node),
    tooltip: (node) => wordsFor(node),
    popover: { direction: 'top', width: 420, maxWidth: 420, content: popoverFor },
  })
  onChange(draw)
}

function elementFor(node: EditorNode): SVGElement {
  const make = <Name extends 'g' | 'rect' | 'path'>(
    name: Name,
    attributes: Record<string, string | number>,
  ) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
    return element
  }
  const group = make('g', {})
  if (!isGradient(node)) return group
  const path = make('path', { class: 'rnn-badge-bars' })
  paths.set(node.id, path as SVGPathElement)
  group.append(make('rect', { class: 'rnn-badge-box', width, height, rx: 2 }), path)
  drawOne(node.id, path as SVGPathElement)
  return group
}

/** Only what has changed: the canvas itself is drawn again when a badge comes or goes. */
function draw(): void {
  let hasChanged = false
  for (const [id, path] of paths) {
    const node = RED.nodes.node(id)
    if (!node) {
      paths.delete(id)
      continue
    }
    drawOne(id, path)
    if (isShown(node) === shown.has(id)) continue
    hasChanged = true
    if (shown.has(id)) shown.delete(id)
    else shown.add(id)
  }
  if (hasChanged) RED.view.redraw()
}

function drawOne(id: string, path: SVGPathElement): void {
  const node = RED.nodes.node(id)
  const through = node ? stateOfNode(node)?.digest.through : undefined
  const terms = through ? (through.terms.W ?? Object.values(through.terms)[0] ?? []) : []
  const bars = Math.min(most, terms.length)
  const largest = Math.max(0, ...terms.map((term) => term ?? 0))
  const each = (width - 4) / Math.max(1, bars)
  let d = ''
  for (let bar = 0; bar < bars; bar++) {
    const part = terms.slice(
      Math.floor((bar * terms.length) / bars),
      Math.floor(((bar + 1) * terms.length) / bars),
    )
    // what is not finite reaches to the top
    const shares = part.map((term) => (term === null ? 1 : largest > 0 ? term / largest : 0))
    const size = Math.max(...shares) * (height - 4)
    d += `M${(2 + bar * each).toFixed(1)} ${height - 2}v${(-Math.max(0.4, size)).toFixed(1)}h${Math.max(0.5, each - 0.5).toFixed(1)}V${height - 2}z`
  }
  path.setAttribute('d', d)
  path.setAttribute('class', `rnn-badge-bars rnn-${through?.state ?? 'ok'}`)
}

function wordsFor(node: EditorNode): string {
  const through = stateOfNode(node)?.digest.through
  return through ? say('badge.tooltip', { steps: through.steps, state: say(`state.${through.state}`) }) : ''
}

/** The view of the sidebar, as long as the popover is open. */
function popoverFor(node: EditorNode): HTMLElement {
  const place = document.createElement('div')
  place.className = 'rnn-sidebar rnn-popover'
  const show = () => {
    const state = stateOfNode(node)
    render(state ? <ThroughTime state={state} /> : null, place)
  }
  show()
  let wasThere = false
  const end = onChange(() => {
    if (place.isConnected) wasThere = true
    else if (wasThere) {
      end()
      return render(null, place)
    }
    return show()
  })
  return place
}
