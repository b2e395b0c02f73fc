/** Whether somebody can see the sidebar: a view that nobody sees asks for nothing and draws nothing. */
import { createContext } from 'preact'

let content: HTMLElement | undefined
const listeners = new Set<() => void>()

export const isSidebarVisible = (): boolean =>
  !document.hidden && content !== undefined && content.offsetParent !== null

/** @param element what the sidebar shows; its coming into view is told to who listens */
export function watchVisibility(element: HTMLElement): void {
  content = element
  new IntersectionObserver(() => {
    for (const listener of listeners) listener()
  }).observe(element)
}

export function onVisibility(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether what stands in a place can be seen; a popover is seen as long as it is there. */
export const Visible = createContext<() => boolean>(() => !document.hidden)
