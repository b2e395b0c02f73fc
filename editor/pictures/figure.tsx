/** A picture with its title above, and below in words what it shows. */
import type { ComponentChildren } from 'preact'

export function Figure({
  title,
  words,
  children,
}: {
  title: string
  /** what a person sees who cannot see the picture */
  words?: string
  children: ComponentChildren
}) {
  return (
    <figure class="rnn-figure">
      <figcaption>{title}</figcaption>
      {children}
      {words && <p class="rnn-words">{words}</p>}
    </figure>
  )
}
