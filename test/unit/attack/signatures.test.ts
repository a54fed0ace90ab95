import { expect, it } from 'vitest'
import { DOORS } from '../../../scripts/bench/endure/signatures/doors.ts'
import { FORGERIES } from '../../../scripts/bench/endure/signatures/forgeries.ts'
import { tryForgeries } from '../../../scripts/bench/endure/signatures/measure-signatures.ts'
import { seededRandom } from '../../../shared/inference/random.ts'

it('no forged signature gets in at any door, and true ones do', async () => {
  const { accepted, tried, refusals } = await tryForgeries(400, seededRandom(3))
  expect(accepted).toEqual([])
  expect(tried).toBeGreaterThanOrEqual(400)
  for (const door of Object.keys(DOORS))
    expect(Object.keys(refusals[door]!)).toEqual(expect.arrayContaining(Object.keys(FORGERIES)))
  // What each upgrade is refused with is part of the protocol.
  expect(refusals.upgrade).toMatchObject({
    empty: { AUTH_MALFORMED: expect.any(Number) },
    'another key': { AUTH_BAD_SIGNATURE: expect.any(Number) },
    'dated an hour ahead': { AUTH_STALE: expect.any(Number) },
    'for another listener': { AUTH_WRONG_RECEIVER: expect.any(Number) },
    'the same again': { AUTH_REPLAYED: expect.any(Number) },
  })
})
