/** Colours for pictures drawn on a canvas, which knows no CSS variables: those of the theme, whichever it is. */
import { useEffect, useState } from 'preact/hooks'

export interface Theme {
  readonly isDark: boolean
  readonly background: Rgb
  readonly text: string
  readonly faint: string
  readonly grid: string
  /** lines that are told apart by their dashes too */
  readonly lines: readonly [string, string, string]
  readonly exploding: string
  readonly vanishing: string
  /** the ends of the scale of values below and above zero */
  readonly negative: Rgb
  readonly positive: Rgb
}

export type Rgb = readonly [red: number, green: number, blue: number]

export const css = ([red, green, blue]: Rgb): string => `rgb(${red},${green},${blue})`

/** From 0 to 1 between two colours. */
export const between = (from: Rgb, to: Rgb, share: number): Rgb => {
  const mix = (index: number) => Math.round(from[index] + share * (to[index] - from[index]))
  return [mix(0), mix(1), mix(2)]
}

/** Perceived lightness, 0 to 255. */
export const lightness = ([red, green, blue]: Rgb): number => 0.299 * red + 0.587 * green + 0.114 * blue

/** Any colour that CSS knows, as numbers. */
function rgbOf(colour: string): Rgb {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return [255, 255, 255]
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}

function themeNow(): Theme {
  const style = getComputedStyle(document.documentElement)
  const value = (name: string, usual: string) => style.getPropertyValue(name).trim() || usual
  const background = rgbOf(value('--red-ui-secondary-background', '#fff'))
  const isDark = lightness(background) < 128
  return {
    isDark,
    background,
    text: value('--red-ui-primary-text-color', isDark ? '#ddd' : '#333'),
    faint: isDark ? '#a8a8a8' : '#666',
    grid: isDark ? '#4a4a4a' : '#e2e2e2',
    lines: isDark ? ['#6cb4ff', '#ffb454', '#7bd88f'] : ['#0b62b8', '#a85300', '#1b7837'],
    exploding: isDark ? '#ff8a80' : '#b71c1c',
    vanishing: isDark ? '#ffd166' : '#8a6100',
    negative: isDark ? [90, 160, 255] : [33, 102, 172],
    positive: isDark ? [255, 150, 80] : [190, 80, 10],
  }
}

let theme: Theme | undefined
const listeners = new Set<() => void>()

const currentTheme = (): Theme => {
  theme ??= themeNow()
  return theme
}

/** Node-RED tells of another theme by a class of the whole page. */
export function watchTheme(): void {
  new MutationObserver(() => {
    theme = undefined
    for (const listener of listeners) listener()
  }).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['class', 'style', 'data-theme'],
  })
}

export function useTheme(): Theme {
  const [, redraw] = useState({})
  useEffect(() => {
    const listener = () => redraw({})
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [])
  return currentTheme()
}
