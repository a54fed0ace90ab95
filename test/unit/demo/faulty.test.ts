import { describe, expect, it } from 'vitest'
import { nextFaultyStep } from '../../../scripts/demo/faulty.ts'
import type { RoundEntry } from '../../../validator/store/entries.ts'

const round = (accepted: number, missed: number) =>
  ({ rows: [{ hotkey: 'f', accepted, missed }] }) as unknown as RoundEntry

describe('nextFaultyStep', () => {
  const alive = { isRunning: true, restarts: 0 }
  const dead = { isRunning: false, restarts: 0 }

  it('dies once every validator has accepted it', () => {
    expect(nextFaultyStep(alive, 'f', [[round(3, 0)], []])).toBe('run')
    expect(nextFaultyStep(alive, 'f', [[round(3, 0)], [round(2, 0)]])).toBe('kill')
  })

  it('comes back once every validator has missed it twice', () => {
    const missedOnce = [round(3, 0), round(0, 4)]
    const missedTwice = [...missedOnce, round(0, 5)]
    expect(nextFaultyStep(dead, 'f', [missedTwice, missedOnce])).toBe('run')
    expect(nextFaultyStep(dead, 'f', [missedTwice, missedTwice])).toBe('restart')
  })

  it('dies only once', () => {
    expect(nextFaultyStep({ isRunning: true, restarts: 1 }, 'f', [[round(3, 1)], [round(3, 1)]])).toBe('run')
  })
})
