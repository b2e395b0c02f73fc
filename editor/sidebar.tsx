/** The plugin of the editor: a sidebar that shows training as it happens, and a badge on the canvas. */
import 'katex/dist/katex.min.css'
import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import { App } from './app'
import { addBadge } from './badge'
import { lookNow, startFeed } from './loop/feed'
import { followed, loopsInView, onFollowed, startFollowing } from './loop/followed'
import { watchVisibility } from './loop/visible'
import { watchTheme } from './pictures/theme'
import { say } from './say'
import './sidebar.css'

RED.plugins.registerPlugin('recurrent', {
  type: 'node-red-recurrent',
  onadd() {
    const content = document.createElement('div')
    content.className = 'rnn-content'
    RED.sidebar.addTab({
      id: 'recurrent',
      name: say('tab.name'),
      label: say('tab.label'),
      iconClass: 'fa fa-repeat',
      content,
      enableOnEdit: true,
    })
    RED.actions.add('recurrent:show', () => RED.sidebar.show('recurrent'))
    watchTheme()
    startFollowing()
    onFollowed(lookNow)
    startFeed(() => {
      const { current, pinned } = followed()
      return [...new Set([...(current ? [current] : []), ...pinned, ...loopsInView()])]
    })
    addBadge()
    watchVisibility(content)
    render(<App />, content)
  },
})
