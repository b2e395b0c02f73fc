/** A disk that is full, or cannot be written to, under a real Node-RED with its store of files. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import should from 'should'
import { prepareUserDirectory } from '../../scripts/user-directory'
import { lastingFlow, settingsWithFiles, stepsIn } from '../support/lasting-flow'
import { build, startAgain, startNodeRed } from '../support/node-red'

interface Obstacle {
  /** puts it in the way, below the folder of the store; false where the machine does not allow it */
  set(folder: string): boolean
  /** the disk works again */
  lift(folder: string): void
  /** leaves nothing of it */
  end(folder: string): void
}

const nothing = () => undefined

const obstacles: Record<string, Obstacle> = {
  'a full disk': {
    set(folder) {
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
      } catch {
        return false
      }
      for (let part = 0, isFull = false; !isFull; part++)
        try {
          writeFileSync(join(folder, `.filler${part}`), Buffer.alloc(4096))
        } catch {
          isFull = true
        }
      return true
    },
    lift: (folder) => execFileSync('sh', ['-c', 'rm -f "$1"/.filler*', 'sh', folder]),
    end: (folder) => execFileSync('umount', [folder]),
  },
  'a folder that cannot be made': {
    set(folder) {
      writeFileSync(join(folder, 'tab'), '')
      return true
    },
    lift: (folder) => rmSync(join(folder, 'tab')),
    end: nothing,
  },
}

describe('a store of files', () => {
  for (const [what, { set, lift, end }] of Object.entries(obstacles))
    it(`on ${what} does not hold training up, is told of once, and keeps again when it can`, async function () {
      let folder = ''
      let isSet = false
      let nodeRed = await startNodeRed(
        lastingFlow(1_000_000),
        (directory) => {
          build()
          prepareUserDirectory(directory)
          folder = join(directory, 'context')
          mkdirSync(folder)
          isSet = set(folder)
        },
        settingsWithFiles,
      )
      const { userDirectory } = nodeRed
      try {
        if (!isSet) return this.skip()
        await nodeRed.prints(
          /\[error\] \[rnn-cell:cell\] Nothing can be kept in the store "file": nothing was written to/,
        )
        const reached = stepsIn(nodeRed.output()).at(-1) as number
        should(reached).be.above(10)
        lift(folder)
        await nodeRed.prints(/\[rnn-cell:cell\] The store "file" takes in again what is to be kept/)
        should(existsSync(join(folder, 'tab/flow.json'))).be.true()
        should(nodeRed.output().match(/\[rnn-cell:cell\] Nothing can be kept/g)).have.length(1)
        await nodeRed.end('SIGTERM')
        nodeRed = await startAgain(userDirectory, settingsWithFiles)
        await nodeRed.prints(/\] at \d+ of /)
        should(stepsIn(nodeRed.output())[0]).be.above(reached)
        should(nodeRed.output()).not.match(/cannot be read/)
      } finally {
        await nodeRed.end('SIGTERM')
        if (isSet) end(folder)
        await nodeRed.stop()
      }
    })

  it('that is no JSON any more is left as it is: Node-RED says which file, and nothing is written', async () => {
    const broken = '{"rnn-cell:cell": "AAAA'
    let file = ''
    const start = startNodeRed(
      lastingFlow(10),
      (directory) => {
        build()
        prepareUserDirectory(directory)
        file = join(directory, 'context/tab/flow.json')
        mkdirSync(join(directory, 'context/tab'), { recursive: true })
        writeFileSync(file, broken)
      },
      settingsWithFiles,
    )
    await should(start).be.rejectedWith(/flow\.json/)
    should(readFileSync(file, 'utf8')).equal(broken)
    rmSync(join(file, '../../..'), { recursive: true })
  })
})
