import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EpochSchedule } from '../../../shared/chain/chain-client.ts'
import {
  commitEpoch,
  firstRevealBlock,
  nextEpochBlock,
} from '../../../shared/chain/commit-reveal/epoch-schedule.ts'
import { hashRevealWindow } from '../../../shared/chain/commit-reveal/reveal-round.ts'

const MAX_TEMPO = 50_400

/** The pallet, block by block: reveals, then run_coinbase, then extrinsics (coinbase/block_step.rs, run_coinbase.rs). */
function simulatedChain(start: EpochSchedule) {
  const state = { ...start }
  const isDue = () =>
    (state.pendingEpochAt > 0 && state.block >= state.pendingEpochAt) ||
    state.blocksSinceLastStep > MAX_TEMPO ||
    state.block - state.lastEpochBlock >= state.tempo
  const epoch = () => state.epochIndex + (isDue() ? 1 : 0)
  return {
    /** Runs one block; answers what each of its phases takes for the current epoch. */
    step() {
      state.block++
      const atReveals = epoch()
      state.blocksSinceLastStep++
      const ran = isDue()
      if (ran) {
        state.lastEpochBlock = state.block
        state.pendingEpochAt = 0
        state.epochIndex++
        state.blocksSinceLastStep = 0
      }
      return { block: state.block, ran, atReveals, atExtrinsics: epoch() }
    },
  }
}

type Step = ReturnType<ReturnType<typeof simulatedChain>['step']>

function run(schedule: EpochSchedule, until: (step: Step) => boolean): Step[] {
  const chain = simulatedChain(schedule)
  const steps: Step[] = []
  do steps.push(chain.step())
  while (!until(steps.at(-1)!))
  return steps
}

// Block numbers far above zero, so that every offset into the past stays a block.
const schedules: fc.Arbitrary<EpochSchedule> = fc
  .record({
    block: fc.integer({ min: 200_000, max: 9_000_000 }),
    tempo: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(360, 65_535)),
    sinceEpoch: fc.integer({ min: 0, max: 400 }),
    pending: fc.option(fc.integer({ min: -5, max: 80 })),
    epochIndex: fc.integer({ min: 0, max: 1_000_000 }),
    // Around the safety net as often as not: it is overdue from one block to the next.
    sinceStep: fc.oneof(
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: MAX_TEMPO - 40, max: MAX_TEMPO + 3 }),
    ),
  })
  .map(({ block, sinceEpoch, pending, sinceStep, ...rest }) => ({
    ...rest,
    block,
    lastEpochBlock: block - sinceEpoch,
    pendingEpochAt: pending === null ? 0 : block + pending,
    blocksSinceLastStep: sinceStep,
  }))
const SETTINGS = { numRuns: 300 }

describe('epoch schedule against a chain simulated block by block', () => {
  it('names the block of the next epoch', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(nextEpochBlock(schedule)).toBe(run(schedule, ({ ran }) => ran).at(-1)!.block)
      }),
      SETTINGS,
    )
  })

  it('names the epoch of a commit in the next block', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(commitEpoch(schedule)).toBe(simulatedChain(schedule).step().atExtrinsics)
      }),
      SETTINGS,
    )
  })

  it('names the first block that opens a commit made in the next block', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 1, max: 4 }), (schedule, period) => {
        fc.pre(schedule.tempo <= 360)
        const target = simulatedChain(schedule).step().atExtrinsics + period
        const opened = run(schedule, ({ atReveals }) => atReveals === target).at(-1)!
        expect(firstRevealBlock(schedule, period)).toBe(opened.block)
      }),
      SETTINGS,
    )
  })

  it('names the blocks that take a hash commit’s reveal', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: -5, max: 1 }),
        (schedule, period, age) => {
          fc.pre(schedule.tempo <= 360 && schedule.epochIndex >= 5)
          const epoch = commitEpoch(schedule) + age
          const target = epoch + period
          const steps = run(schedule, ({ atExtrinsics }) => atExtrinsics > target)
          const taking = steps.filter(({ atExtrinsics }) => atExtrinsics === target)
          const window = hashRevealWindow(schedule, { epoch }, period)
          expect(window.expired).toBe(taking.length === 0)
          expect(window.open).toBe(taking[0]?.block === schedule.block + 1)
          expect(window.untilBlock).toBe(taking.at(-1)?.block)
          // A window that opened in the past began before the simulation did.
          if (window.open) expect(window.fromBlock).toBeLessThanOrEqual(schedule.block + 1)
          else expect(window.fromBlock).toBe(taking[0]?.block)
        },
      ),
      SETTINGS,
    )
  })
})
