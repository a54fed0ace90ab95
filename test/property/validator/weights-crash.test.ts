import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Fate } from '../../support/fake-weights-chain.ts'
import { createWorld, type World } from '../../support/weights-world.ts'

// What is locked is never opened here, so it need not cost a pairing.
vi.mock('../../../shared/chain/commit-reveal/timelocked-commit.ts', () => ({
  timelockedCommit: ({ random }: { random: (bytes: number) => Uint8Array }) => random(100),
}))

/** Rounds under random crashes. */
const ROUNDS = 3

/** Longer than a transaction can be in flight, so that what is lost early in an epoch is sent again in it. */
const TEMPO = 150

const MODES = {
  plain: {},
  'hash commit': { commitReveal: true },
  timelocked: { commitReveal: true, commitScheme: 'timelocked' },
} as const
type Mode = keyof typeof MODES

const newWorld = (mode: Mode) => createWorld({ tempo: TEMPO, ...MODES[mode] })

/** Settles a round early in each epoch, and restarts a dead process some blocks later. */
async function run(world: World, epochs: number, downtime: () => number, deathAt: () => number | undefined) {
  for (let epoch = 0; epoch < epochs; epoch++) {
    // The block time is known by then.
    await passTo(world, epoch * TEMPO + 10, downtime, deathAt)
    world.settle(epoch + 1)
    await passTo(world, (epoch + 1) * TEMPO, downtime, deathAt)
  }
}

async function passTo(
  world: World,
  block: number,
  downtime: () => number,
  deathAt: () => number | undefined,
): Promise<void> {
  while (world.chain.header().number < block) {
    await world.block()
    if (!world.isDead()) continue
    for (let blocks = downtime(); blocks > 0; blocks--) await world.block()
    world.restart(deathAt())
  }
}

const epochsOf = (world: World, kind: string) =>
  world.chain.deeds.filter((deed) => deed.kind === kind).map(({ epoch }) => epoch)
/** Each round has a weight of its own. */
const weightOf = (round: number) => Math.round((0.25 + round / 1_000) * 65_535)

/** Two epochs, each with a publication of its own. */
function expectAll(world: World, mode: Mode) {
  if (mode === 'plain') {
    expect(epochsOf(world, 'set')).toEqual([0, 1])
    expect(world.chain.deeds.map(({ weights }) => weights[1])).toEqual([1, 2].map(weightOf))
  } else {
    expect(epochsOf(world, 'commit')).toEqual([0, 1])
    expect(epochsOf(world, 'reveal')).toEqual([1])
  }
}

describe.each(Object.keys(MODES) as Mode[])('%s weights', (mode) => {
  it('are published once an epoch, wherever the process dies', async () => {
    const whole = newWorld(mode)
    await run(
      whole,
      2,
      () => 0,
      () => undefined,
    )
    expectAll(whole, mode)
    expect(whole.steps()).toBeGreaterThan(25)

    for (const downtime of mode === 'plain' ? [0, 7] : [3]) {
      for (let step = 1; step <= whole.steps(); step++) {
        const world = newWorld(mode)
        world.restart(step)
        await run(
          world,
          2,
          () => downtime,
          () => undefined,
        )
        try {
          expectAll(world, mode)
          expect(world.outcomes().filter((outcome) => outcome === 'expired')).toEqual([])
        } catch (error) {
          throw new Error(
            `it dies at step ${step} for ${downtime} blocks: ${JSON.stringify(world.journal)}`,
            {
              cause: error,
            },
          )
        }
      }
    }
  }, 240_000)
})

const fate: fc.Arbitrary<Fate> = fc.record({
  delay: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.constant(undefined)),
  answered: fc.boolean(),
})

describe.each(['plain', 'hash commit'] as const)('%s weights under any crashes', (mode) => {
  it('are never set twice, and end up on the chain', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 20 })), {
          maxLength: 8,
        }),
        fc.array(fate, { minLength: 1, maxLength: 6 }),
        async (crashes, fates) => {
          const world = newWorld(mode)
          let next = 0
          const death = () => {
            world.chain.setFate(fates[next % fates.length]!)
            return crashes[next]?.[0]
          }
          const downtime = () => crashes[next++]?.[1] ?? 0
          world.restart(death())
          await run(world, ROUNDS, downtime, death)
          // From here on nothing goes wrong.
          world.chain.setFate({ delay: 1, answered: true })
          world.restart()
          await passTo(
            world,
            (ROUNDS + 2) * TEMPO,
            () => 0,
            () => undefined,
          )

          const { deeds } = world.chain
          const published = deeds.filter(({ kind }) => kind !== 'commit').map(({ weights }) => weights[1])
          expect(new Set(published).size).toBe(published.length)
          expect(published.at(-1)).toBe(weightOf(ROUNDS))
          expect(world.chain.weights().weights[1]).toBe(weightOf(ROUNDS))
          if (mode === 'plain') return
          const commits = epochsOf(world, 'commit')
          expect(new Set(commits).size).toBe(commits.length)
        },
      ),
      { numRuns: 150 },
    )
  }, 240_000)
})
