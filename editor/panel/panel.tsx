/** One loop: its name, its controls, and the view that is chosen. */
import { Component, type ComponentChildren } from 'preact'
import type { LoopState } from '../loop/feed'
import { nameOf } from '../loop/follow'
import { say } from '../say'
import { Nothing } from '../views/parts'
import { type ViewName, views } from '../views/views'
import { Check } from './check'
import { Controls } from './controls'

export function Panel({
  id,
  state,
  view,
  isPinned,
  onPin,
}: {
  id: string
  state?: LoopState
  view: ViewName
  isPinned: boolean
  onPin: () => void
}) {
  const View = views[view]
  const name = nameOf(id)
  const sizes = state?.digest.cell
  return (
    <section class="rnn-panel" aria-label={name}>
      <header>
        <h3>
          <button
            type="button"
            class="rnn-link"
            title={say('panel.reveal')}
            onClick={() => RED.view.reveal(id)}
          >
            {name}
          </button>
        </h3>
        {sizes && (
          <span class="rnn-words">{`${sizes.inputSize} → ${sizes.hiddenSize} → ${sizes.outputSize}`}</span>
        )}
        <button
          type="button"
          class="red-ui-button red-ui-button-small rnn-pin"
          aria-pressed={isPinned}
          title={say(isPinned ? 'panel.unpin' : 'panel.pin')}
          aria-label={say(isPinned ? 'panel.unpin' : 'panel.pin')}
          onClick={onPin}
        >
          <i class="fa fa-thumb-tack" aria-hidden="true" />
        </button>
      </header>
      <Controls id={id} state={state} />
      {state ? (
        <Guarded key={view}>
          <div class="rnn-view">
            <View state={state} />
          </div>
          <Check id={id} />
        </Guarded>
      ) : (
        <Nothing />
      )}
    </section>
  )
}

/** A picture that fails takes nothing else with it. */
class Guarded extends Component<{ children: ComponentChildren }, { error?: Error }> {
  override state: { error?: Error } = {}
  override componentDidCatch(error: Error) {
    console.error(error)
    this.setState({ error })
  }
  render({ children }: { children: ComponentChildren }) {
    return this.state.error ? <Nothing why={this.state.error.message} /> : children
  }
}
