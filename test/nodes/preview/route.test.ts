/** The route of the preview: who may ask, and an answer in words whatever comes. */
import type { NodeAPI } from 'node-red'
import should from 'should'
import { closePreviews } from '../../../nodes/sequence-source/preview/aside'
import { addPreviewRoute } from '../../../nodes/sequence-source/preview/route'

type Done = (error: null, value: unknown) => void
type Step = (request: object, response: object, next: () => void) => unknown

/** The route as Express would run it for somebody with these permissions. */
function ask(
  body: unknown,
  permissions: readonly string[] = ['recurrent.read', 'flows.write'],
  settings: object = {},
) {
  const steps: Step[] = []
  const RED = {
    settings,
    nodes: { getNode: () => null },
    util: {
      evaluateNodeProperty: (value: string, _: string, __: object, ___: object, done: Done) =>
        done(null, value),
    },
    auth: {
      needsPermission: (permission: string) => (_: object, response: Response, next: () => void) =>
        permissions.includes(permission) ? next() : response.status(401).end(),
    },
    events: { on: () => undefined },
    httpAdmin: {
      post: (path: string, ...handlers: Step[]) => {
        should(path).equal('/recurrent/preview')
        steps.push(...handlers)
      },
    },
  }
  addPreviewRoute(RED as unknown as NodeAPI)
  return new Promise<Record<string, unknown>>((resolve) => {
    let status = 200
    const response = {
      status(code: number) {
        status = code
        return this
      },
      end: () => resolve({ status }),
      json: (answer: object) => resolve({ status, ...answer }),
    }
    const run = (index: number): unknown => steps[index]({ body }, response, () => run(index + 1))
    run(0)
  })
}
interface Response {
  status(code: number): { end(): void }
}

const temperatures = {
  task: 'dataset',
  from: 'file',
  file: 'data/daily-min-temperatures.csv',
  fileType: 'str',
}

describe('the route of the preview', () => {
  after(() => closePreviews())

  it('answers with the first sequence', async () => {
    should(await ask({ id: 'x', task: 'sine', length: '5' })).match({ status: 200, length: 5, inputSize: 1 })
    should(await ask(temperatures)).match({ status: 200, length: 20, names: ['Temp'] })
  })

  it('keeps to the limits of the settings file, on its thread too', async () => {
    const asked = { id: 'x', task: 'sine', length: '50' }
    should(await ask(asked, undefined, { rnnMaxSteps: 49 })).eql({
      status: 200,
      error: "Expected length to be at most 49 (rnnMaxSteps in Node-RED's settings file), got 50",
    })
    should(await ask(temperatures, undefined, { rnnMaxFileSize: 1000 }))
      .have.property('error')
      .match(/rnnMaxFileSize/)
    should(await ask(asked)).match({ status: 200, length: 50 })
  })

  it('is for those who may read, and files for those who may deploy', async () => {
    should(await ask({ task: 'sine' }, [])).eql({ status: 401 })
    should(await ask({ task: 'sine' }, ['recurrent.read'])).match({ status: 200, length: 20 })
    should(await ask(temperatures, ['recurrent.read'])).eql({ status: 401 })
  })

  it('does not take a file for none because no place is named', async () => {
    for (const from of [undefined, '', false, ['file'], { file: 1 }])
      should(await ask({ ...temperatures, from }, ['recurrent.read'])).eql({ status: 401 })
    should(await ask({ ...temperatures, task: undefined, from: undefined }, ['recurrent.read'])).eql({
      status: 401,
    })
  })

  for (const body of [
    undefined,
    null,
    'text',
    7,
    [],
    {},
    { task: 7 },
    { task: 'sine', length: {} },
    { task: 'mine' },
  ])
    it(`answers ${JSON.stringify(body)} too`, async () => {
      const answer = await ask(body)
      should(answer.status).equal(200)
      should('error' in answer || 'inputs' in answer).be.true()
      if ('error' in answer) should(answer.error).match(/^Expected .*, got /)
    })
})
