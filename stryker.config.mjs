/**
 * Mutation testing: Stryker changes the mathematics in one place after the other, and some test has to fail for each
 * change. `npm run test:mutation` runs it for one room at a time, named in RNN_ROOM (scripts/mutation.ts).
 */
const room = process.env.RNN_ROOM

/** Tests beside a room's own that hold it: of what the room hands to another, and of numbers computed elsewhere. */
const others = {
  'clip-gradient': ['test/src/fixtures-clips.test.ts'],
  optimizer: ['test/src/fixtures-optimizers.test.ts'],
  'rnn-cell': [
    'test/src/fixtures-pytorch.test.ts',
    'test/src/unroll/**/*.test.ts',
    'test/src/bptt-gradient/step-jacobians.test.ts',
    'test/src/bptt-gradient/factors.test.ts',
  ],
  'bptt-gradient': ['test/src/fixtures-pytorch.test.ts'],
}

export default {
  mutate: [`src/${room}/**/*.ts`],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: {
    spec: [`test/src/${room}/**/*.test.ts`, ...others[room]],
    // The kernel is compiled before: not anew in every process
    require: ['./test/support/fast-check.ts'],
  },
  coverageAnalysis: 'perTest',
  // What is read once as a file is loaded, tables of names above all, would need a new process for each change: up to
  // a tenth of the changes, and most of the time. They are not in the score.
  ignoreStatic: true,
  concurrency: 2,
  // What never ends is found by counting: on a noisy machine nothing else should run out of time and pass for found
  timeoutMS: 30_000,
  tempDirName: 'artefacts/mutation/sandbox',
  // Without tsconfig.json tsx finds that of the repository; Stryker would read it by TypeScript 5
  ignorePatterns: ['artefacts', 'bench', 'dist', 'docs', 'resources', 'tsconfig*.json'],
  disableTypeChecks: false,
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: `artefacts/mutation/${room}.html` },
  jsonReporter: { fileName: `artefacts/mutation/${room}.json` },
  incrementalFile: `artefacts/mutation/${room}.incremental.json`,
  thresholds: { high: 95, low: 90, break: 85 },
}
