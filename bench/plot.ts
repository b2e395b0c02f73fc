/** The plot of the cost against T, B and H, drawn by Vega-Lite as an SVG. */
import type { ScalingResult } from './results'

interface Vega {
  parse(specification: object): object
  View: new (runtime: object, options: object) => { toSVG(): Promise<string> }
}

/** Its types are there only once it is installed. */
const installed = (name: string) => import(name)

const titles = { T: 'T, time steps (B = 1)', B: 'B, sequences', H: 'H, hidden units' }
/** the power with which the cost is to grow */
const powers = { T: 1, B: 1, H: 2 }

/** Points as measured, and beside them a line of the power that is expected, through the last of them. */
export async function scalingPlot({ points }: ScalingResult): Promise<string> {
  const vega: Vega = await installed('vega')
  const { compile } = await installed('vega-lite')
  const panels = (Object.keys(titles) as (keyof typeof titles)[]).map((axis) => {
    const own = points.filter((point) => point.axis === axis)
    const last = own[own.length - 1]
    const expected = own.map(({ size }) => ({
      size,
      milliseconds: last.milliseconds * (size / last.size) ** powers[axis],
    }))
    const x = {
      field: 'size',
      type: 'quantitative',
      scale: { type: 'log', nice: false },
      title: titles[axis],
    }
    const y = { field: 'milliseconds', type: 'quantitative', scale: { type: 'log' }, title: 'a step, ms' }
    return {
      width: 220,
      height: 220,
      title: `∝ ${axis}${powers[axis] === 2 ? '²' : ''}, dashed`,
      layer: [
        {
          data: { values: expected },
          mark: { type: 'line', strokeDash: [4, 4], color: '#999' },
          encoding: { x, y },
        },
        { data: { values: own }, mark: { type: 'line', point: true, color: '#1f6f8b' }, encoding: { x, y } },
      ],
    }
  })
  const { spec } = compile({ background: 'white', hconcat: panels })
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG()
}
