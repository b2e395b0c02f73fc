/**
 * Node-RED's settings with a store of files, and a question that its admin API answers to tests alone: what the process
 * holds when all rubbish has been collected.
 */
const { subscribe } = require('node:diagnostics_channel')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { events } = require('@node-red/util')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

const threads = new Set()
subscribe('worker_threads', ({ worker }) => {
  threads.add(worker)
  worker.once('exit', () => threads.delete(worker))
})

/** What finalizers let go of is rubbish only in the next round. */
/** Of an Express application, and of the routers in it. */
const routesOf = ({ stack = [] }) =>
  stack.reduce((sum, { handle }) => sum + 1 + (handle?.stack ? routesOf(handle) : 0), 0)

async function held({ router, _router }) {
  for (let round = 0; round < 3; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const resources = process.getActiveResourcesInfo()
  return {
    ...process.memoryUsage(),
    threads: threads.size,
    timers: resources.filter((name) => name === 'Timeout').length,
    routes: routesOf(router ?? _router),
    listeners: events.eventNames().reduce((sum, name) => sum + events.listenerCount(name), 0),
  }
}

module.exports = {
  ...require('./settings-with-files.cjs'),
  httpAdminMiddleware: (request, response, next) => {
    if (request.path === '/held') held(request.app).then((answer) => response.json(answer), next)
    else next()
  },
}
