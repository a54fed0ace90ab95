import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderLimits } from '../../../scripts/limits/render.ts'
import { DISPUTE_LIMIT_TABLE, MESSAGE_LIMIT_TABLE } from '../../../shared/protocol/limit-tables.ts'
import { MESSAGE_LIMITS, SESSION_LIMITS } from '../../../shared/protocol/limits.ts'
import { worstListenerBytes, worstSessionBytes } from '../../../shared/protocol/listener-memory.ts'
import { SESSION_LIMIT_TABLE } from '../../../shared/protocol/session-limit-table.ts'
import { roundConfigSchema } from '../../../validator/config.ts'

const MIB = 1024 * 1024

it('docs/limits.md is what the code says; npm run limits writes it', () => {
  expect(readFileSync('docs/limits.md', 'utf8')).toBe(`${renderLimits()}\n`)
})

it('every limit has a unit, a reason and a consequence', () => {
  for (const table of [MESSAGE_LIMIT_TABLE, DISPUTE_LIMIT_TABLE, SESSION_LIMIT_TABLE]) {
    for (const [name, { value, unit, why, beyond }] of Object.entries(table)) {
      expect(value, name).toBeGreaterThan(0)
      for (const text of [unit, why, beyond]) expect(text, name).not.toBe('')
    }
  }
})

it('strangers cost a listener less than 100 MiB, and hotkeys that may connect less than 1.5 GiB', () => {
  expect(worstListenerBytes({ ...SESSION_LIMITS, connections: 0 })).toBeLessThan(100 * MIB)
  expect(worstListenerBytes(SESSION_LIMITS)).toBeLessThan(1536 * MIB)
})

it('a limit that is raised makes the worst case larger', () => {
  const base = worstSessionBytes(SESSION_LIMITS)
  for (const name of ['bufferedBytes', 'requestBytes', 'frameBytes'] as const)
    expect(worstSessionBytes({ ...SESSION_LIMITS, [name]: 2 * SESSION_LIMITS[name] })).toBeGreaterThan(base)
})

it('leave honest peers room', () => {
  const longest = roundConfigSchema.shape.maxChallenges.unwrap().maxValue!
  expect(longest).toBe(1024)
  // Two requests for each challenge and a receipt.
  expect(SESSION_LIMITS.requestsPerMinute).toBeGreaterThan(2 * longest + 1)
  expect(SESSION_LIMITS.requestBytes).toBeGreaterThanOrEqual(2 * MESSAGE_LIMITS.frameBytes)
  expect(SESSION_LIMITS.requestBytes).toBeGreaterThanOrEqual(
    SESSION_LIMITS.requestsInFlight * (MESSAGE_LIMITS.promptBytes + 1024),
  )
  expect(SESSION_LIMITS.bufferedBytes).toBeGreaterThan(MESSAGE_LIMITS.frameBytes)
})
