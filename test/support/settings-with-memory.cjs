/**
 * Node-RED's settings with a store of files, and a question that its admin API answers to tests alone: what the process
 * holds when all rubbish has been collected.
 */
const { subscribe } = require('node:diagnostics_channel')
const { createRequire } = require('node:module')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

// of the Node-RED that runs, which need not be the one beside this file
const own = createRequire(require.main.filename)
const runtime = own('@node-red/runtime')
const { events } = own('@node-red/util')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

const threads = new Set()
subscribe('worker_threads', ({ worker }) => {
  threads.add(worker)
  worker.once('exit', () => threads.delete(worker))
})

/**
 * Routes are those that nodes and plugins have added. What finalizers let go of is rubbish only in the next round;
 * as a last resort V8 also gives pages back that it would keep for later, which RSS would count.
 */
async function held() {
  for (let round = 0; round < 3; round++) {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const resources = process.getActiveResourcesInfo()
  return {
    ...process.memoryUsage(),
    threads: threads.size,
    timers: resources.filter((name) => name === 'Timeout').length,
    routes: (runtime.httpAdmin._router ?? runtime.httpAdmin.router).stack.length,
    listeners: events.eventNames().reduce((sum, name) => sum + events.listenerCount(name), 0),
  }
}

module.exports = {
  ...require('./settings-with-files.cjs'),
  httpAdminMiddleware: (request, response, next) => {
    if (request.path === '/held') held().then((answer) => response.json(answer), next)
    else next()
  },
}
