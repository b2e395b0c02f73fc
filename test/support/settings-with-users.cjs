/** Node-RED's settings where one has to log in: the token says who it is. */
const permissions = { reader: 'read', writer: '*' }
module.exports = {
  ...require('../../scripts/settings.cjs'),
  adminAuth: {
    type: 'credentials',
    users: [],
    tokens: async (token) =>
      token in permissions ? { username: token, permissions: permissions[token] } : null,
  },
}
