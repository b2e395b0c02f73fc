/** The sidebar: the views, and a panel for the loop of the selected node and for each that is pinned. */
import { useEffect, useState } from 'preact/hooks'
import { onChange, stateOfLoop } from './loop/feed'
import { allCells, nameOf } from './loop/follow'
import { type Followed, follow, followed, onFollowed, togglePin } from './loop/followed'
import { isSidebarVisible, onVisibility, Visible } from './loop/visible'
import { Panel } from './panel/panel'
import { say } from './say'
import { Nothing } from './views/parts'
import { type ViewName, viewNames } from './views/views'

const viewKey = 'recurrent-view'

export function App() {
  const [view, setView] = useState<ViewName>(() => {
    const kept = localStorage.getItem(viewKey)
    return viewNames.find((name) => name === kept) ?? 'training'
  })
  const [isWide, setWide] = useState(false)
  const [loops, setLoops] = useState<Followed>(followed())
  const [, redraw] = useState({})
  useEffect(() => onFollowed(() => setLoops(followed())), [])
  useEffect(() => onChange(() => isSidebarVisible() && redraw({})), [])
  useEffect(() => onVisibility(() => redraw({})), [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => event.key === 'Escape' && setWide(false)
    if (!isWide) return undefined
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [isWide])
  const choose = (name: ViewName) => {
    localStorage.setItem(viewKey, name)
    setView(name)
  }
  const shown =
    loops.current && !loops.pinned.includes(loops.current) ? [...loops.pinned, loops.current] : loops.pinned
  return (
    <Visible.Provider value={isSidebarVisible}>
      <div class={isWide ? 'rnn-sidebar rnn-wide' : 'rnn-sidebar'}>
        <div class="rnn-bar">
          <ViewTabs view={view} onChoose={choose} />
          <button
            type="button"
            class="red-ui-button red-ui-button-small"
            aria-pressed={isWide}
            title={say(isWide ? 'bar.narrow' : 'bar.wide')}
            aria-label={say(isWide ? 'bar.narrow' : 'bar.wide')}
            onClick={() => setWide(!isWide)}
          >
            <i class={isWide ? 'fa fa-compress' : 'fa fa-expand'} aria-hidden="true" />
          </button>
        </div>
        <LoopChoice current={loops.current} />
        <div
          class={shown.length === 1 && allCells().length > 1 ? 'rnn-panels rnn-single' : 'rnn-panels'}
          id="rnn-view"
          role="tabpanel"
          aria-label={say(`view.${view}`)}
        >
          {shown.length === 0 && <Nothing why={say('nothing.loop')} />}
          {shown.map((id) => (
            <Panel
              key={id}
              id={id}
              state={stateOfLoop(id)}
              view={view}
              isPinned={loops.pinned.includes(id)}
              onPin={() => togglePin(id)}
            />
          ))}
        </div>
      </div>
    </Visible.Provider>
  )
}

/** As tabs are: arrow keys go from one to the next. */
function ViewTabs({ view, onChoose }: { view: ViewName; onChoose: (name: ViewName) => void }) {
  const press = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (move === undefined) return
    event.preventDefault()
    const next = viewNames[(viewNames.indexOf(view) + move + viewNames.length) % viewNames.length]
    onChoose(next)
    const bar = event.currentTarget as HTMLElement
    requestAnimationFrame(() => bar.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }
  return (
    <div class="rnn-tabs" role="tablist" aria-label={say('bar.views')} onKeyDown={press}>
      {viewNames.map((name) => (
        <button
          type="button"
          role="tab"
          aria-selected={name === view}
          aria-controls="rnn-view"
          tabIndex={name === view ? 0 : -1}
          title={say(`help.${name}`)}
          onClick={() => onChoose(name)}
        >
          {say(`view.${name}`)}
        </button>
      ))}
    </div>
  )
}

/** Where there are several loops, any of them can be chosen without finding its nodes. */
function LoopChoice({ current }: { current?: string }) {
  const cells = allCells()
  if (cells.length < 2) return null
  return (
    <label class="rnn-loops">
      {say('bar.loop')}{' '}
      <select value={current} onChange={(event) => follow(event.currentTarget.value)}>
        {cells.map(({ id }) => (
          <option value={id}>{nameOf(id)}</option>
        ))}
      </select>
    </label>
  )
}
