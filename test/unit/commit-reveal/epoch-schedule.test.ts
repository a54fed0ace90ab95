import { describe, expect, it } from 'vitest'
import type { EpochSchedule } from '../../../shared/chain/chain-client.ts'
import {
  commitEpoch,
  firstRevealBlock,
  nextEpochBlock,
} from '../../../shared/chain/commit-reveal/epoch-schedule.ts'
import { hashRevealWindow, revealRound } from '../../../shared/chain/commit-reveal/reveal-round.ts'

const schedule = (values: Partial<EpochSchedule>): EpochSchedule => ({
  block: 100,
  tempo: 50,
  lastEpochBlock: 100,
  pendingEpochAt: 0,
  epochIndex: 0,
  blocksSinceLastStep: 0,
  ...values,
})

// The numbers of bittensor-drand's src/epoch_schedule_vectors.rs and of Subtensor's tests/tempo_control.rs.
describe('published epoch vectors', () => {
  it.each([
    ['after a cycle reset', { lastEpochBlock: 10, block: 10 }, 60],
    [
      'asked for before the automatic one',
      { lastEpochBlock: 80, pendingEpochAt: 95, tempo: 20, block: 91 },
      95,
    ],
  ])('first reveal block %s', (_name, values, expected) => {
    expect(firstRevealBlock(schedule(values), 1)).toBe(expected)
  })

  it('refuses tempo 0', () => {
    const stopped = schedule({ tempo: 0, block: 10, lastEpochBlock: 10 })
    const code = expect.objectContaining({ code: 'CHAIN_EPOCHS_STOPPED' })
    expect(() => firstRevealBlock(stopped, 1)).toThrow(code)
    expect(() => commitEpoch(stopped)).toThrow(code)
    expect(() => nextEpochBlock(stopped)).toThrow(code)
    expect(() => hashRevealWindow(stopped, { epoch: 0 }, 1)).toThrow(code)
  })

  it('keeps a commit in the running epoch', () => {
    expect(commitEpoch(schedule({ block: 120 }))).toBe(0)
  })

  it.each([
    ['last epoch plus tempo', {}, 150],
    ['pending, when earlier', { pendingEpochAt: 120 }, 120],
    ['not pending, when later', { pendingEpochAt: 200 }, 150],
    ['after a new tempo', { block: 10, lastEpochBlock: 10, tempo: 720 }, 730],
  ])('next epoch: %s', (_name, values, expected) => {
    expect(nextEpochBlock(schedule(values))).toBe(expected)
  })
})

describe('epoch schedule', () => {
  it('counts further epochs by the tempo', () => {
    expect(firstRevealBlock(schedule({ block: 120 }), 3)).toBe(250)
    expect(firstRevealBlock(schedule({ block: 120, pendingEpochAt: 130 }), 100)).toBe(130 + 99 * 50)
  })

  it('counts a commit in an epoch’s own block to the epoch that begins', () => {
    expect(commitEpoch(schedule({ block: 149 }))).toBe(1)
    expect(firstRevealBlock(schedule({ block: 149 }), 1)).toBe(200)
    expect(firstRevealBlock(schedule({ block: 148 }), 1)).toBe(150)
  })

  it('runs an overdue epoch in the next block', () => {
    expect(nextEpochBlock(schedule({ block: 170, pendingEpochAt: 160 }))).toBe(171)
  })

  it('reveals one block after the safety net’s epoch, which reveals do not see coming', () => {
    const overdue = schedule({ block: 100, tempo: 60_000, blocksSinceLastStep: 50_396 })
    expect(nextEpochBlock(overdue)).toBe(105)
    expect(firstRevealBlock(overdue, 1)).toBe(106)
    expect(firstRevealBlock(overdue, 2)).toBe(105 + 50_401 + 1)
    expect(firstRevealBlock(overdue, 3)).toBe(105 + 2 * 50_401 + 1)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a reveal period of %s', (period) => {
    const code = expect.objectContaining({ code: 'COMMIT_INVALID' })
    expect(() => firstRevealBlock(schedule({}), period)).toThrow(code)
    expect(() => hashRevealWindow(schedule({}), { epoch: 0 }, period)).toThrow(code)
  })
})

describe('reveal window of a hash commit', () => {
  const at = (block: number, lastEpochBlock: number, epochIndex: number) =>
    hashRevealWindow(schedule({ block, lastEpochBlock, epochIndex }), { epoch: 7 }, 1)

  it('is one whole epoch, known in advance', () => {
    const blocks = { expired: false, fromBlock: 150, untilBlock: 199 }
    expect(at(120, 100, 7)).toEqual({ ...blocks, open: false })
    expect(at(148, 100, 7)).toEqual({ ...blocks, open: false })
    expect(at(149, 100, 7)).toEqual({ ...blocks, open: true })
    expect(at(150, 150, 8)).toEqual({ ...blocks, open: true })
    expect(at(198, 150, 8)).toEqual({ ...blocks, open: true })
  })

  it('closes when the next block begins another epoch', () => {
    expect(at(199, 150, 8)).toMatchObject({ open: false, expired: true })
    expect(at(200, 200, 9)).toMatchObject({ open: false, expired: true })
  })
})

describe('reveal round', () => {
  const genesisMs = 1_692_803_367_000

  it('is out three blocks into the reveal epoch, rounded down', () => {
    // (200 s + (57 + 3) × 12 s) / 3 s = 306.67
    expect(revealRound({ nowMs: genesisMs + 200_000, blocksUntilReveal: 57, blockMs: 12_000 })).toBe(306)
    expect(revealRound({ nowMs: genesisMs + 201_000, blocksUntilReveal: 57, blockMs: 12_000 })).toBe(307)
    expect(revealRound({ nowMs: genesisMs + 200_000, blocksUntilReveal: 0, blockMs: 250 })).toBe(66)
  })

  it('is at least the first round', () => {
    expect(revealRound({ nowMs: 0, blocksUntilReveal: 1, blockMs: 12_000 })).toBe(1)
  })

  it.each([
    [Number.NaN, 1, 12_000],
    [genesisMs, -1, 12_000],
    [genesisMs, 1, 0],
    [genesisMs, Number.POSITIVE_INFINITY, 12_000],
  ])('refuses %s, %s, %s', (nowMs, blocksUntilReveal, blockMs) => {
    expect(() => revealRound({ nowMs, blocksUntilReveal, blockMs })).toThrow(/no reveal round/)
  })
})
