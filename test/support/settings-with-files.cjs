/** Node-RED's settings with a store that outlives a restart, written as soon as something is kept. */
module.exports = {
  ...require('../../scripts/settings.cjs'),
  contextStorage: {
    default: { module: 'memory' },
    file: { module: 'localfilesystem', config: { flushInterval: 0 } },
  },
}
