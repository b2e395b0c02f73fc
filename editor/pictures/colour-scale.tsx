/** What the colours of a heat map say. */
import { say } from '../say'
import { decades } from './heat-map'
import { show } from './number'
import { css, useTheme } from './theme'

/** @param most the value at the end of the scale; without it each map has its own */
export function ColourScale({ scale, most }: { scale: 'values' | 'sizes'; most?: number }) {
  const { background, negative, positive } = useTheme()
  const colours = scale === 'values' ? [negative, background, positive] : [background, positive]
  const end = most === undefined ? say('map.most') : show(most)
  const labels =
    scale === 'values'
      ? [most === undefined ? `−${end}` : show(-most), '0', end]
      : [most === undefined ? '' : show(most / 10 ** decades, 1), end]
  return (
    <div class="rnn-scale">
      <div
        class="rnn-scale-bar"
        style={{ background: `linear-gradient(90deg, ${colours.map(css).join(', ')})` }}
      />
      <div class="rnn-scale-labels">
        {labels.map((label) => (
          <span>{label}</span>
        ))}
      </div>
    </div>
  )
}
