/** Node-RED's settings where one has to log in: the token says who it is, and with that what one may. */
const permissions = {
  reader: 'read',
  writer: '*',
  /** may deploy and read flows, but nothing of recurrent */
  stranger: ['flows.read', 'flows.write', 'nodes.read', 'status.read', 'context.read'],
  looking: ['recurrent.read'],
  training: ['recurrent.write'],
}
module.exports = {
  ...require('../../scripts/settings.cjs'),
  adminAuth: {
    type: 'credentials',
    users: [],
    tokens: async (token) =>
      token in permissions ? { username: token, permissions: permissions[token] } : null,
  },
}
