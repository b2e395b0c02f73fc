/** A node that only hands messages to whoever benchmarks, and sends what it is told to. */
module.exports = (RED) => {
  RED.nodes.registerType('bench-gate', function gate(config) {
    RED.nodes.createNode(this, config)
  })
}
