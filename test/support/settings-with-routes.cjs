/** Node-RED's settings where one has to log in, and where /all-routes tells every route that this Node-RED answers to. */
const runtime = () => require.main.require('@node-red/runtime')

/** "GET /flows" of a router, and of those inside it; what is no route, but answers to all under its path, as "USE /path". */
const routesOf = ({ stack }) =>
  stack.flatMap(({ route, handle, regexp, name }) => {
    if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
    return handle.stack ? routesOf(handle) : [`USE ${regexp} ${name}`]
  })

const routes = () => {
  const { httpAdmin, httpNode } = runtime()
  return {
    admin: routesOf(httpAdmin._router),
    node: httpNode._router ? routesOf(httpNode._router) : [],
  }
}

module.exports = {
  ...require('./settings-with-users.cjs'),
  httpAdminMiddleware: (request, answer, next) =>
    request.path === '/all-routes' ? answer.json(routes()) : next(),
}
