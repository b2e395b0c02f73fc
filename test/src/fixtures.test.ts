/** Every cell, direction, mask, topology and loss against numbers computed outside of this package: see test/fixtures. */
import { type FixtureCase, fixtures, forwardAgrees, gradientAgrees, runCase } from '../support/fixtures'

function check(fixture: FixtureCase): void {
  const { unrolled, gradient } = runCase(fixture)
  forwardAgrees(unrolled, fixture.expected)
  gradientAgrees(gradient, fixture.expected)
}

for (const family of ['rnn', 'gru', 'lstm', 'topologies', 'losses'] as const) {
  describe(`fixtures: ${family}`, () => {
    for (const fixture of fixtures(family)) {
      it(fixture.name, () => check(fixture))
      if (!fixture.cell.bidirectional)
        it(`${fixture.name}, checkpoints`, () =>
          check({ ...fixture, unroll: { ...fixture.unroll, checkpoint: 2 } }))
    }
  })
}
