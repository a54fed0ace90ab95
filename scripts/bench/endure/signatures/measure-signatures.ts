import { setImmediate as turn } from 'node:timers/promises'
import { type Random, seededRandom } from '../../../../shared/inference/random.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { nextNonce, signedBytes } from '../../../../shared/protocol/btauth.ts'
import type { EndurePart } from '../part.ts'
import { ask, DOORS, STRANGER, upgradeRequest, VICTIM } from './doors.ts'
import { FORGERIES } from './forgeries.ts'

const FULL = 100_000
const QUICK = 2_000
/** At which no signature is true: anybody could have made it. */
const NOBODYS_DOOR = 'hello of the key of zeros'

export interface Tally {
  /** By door and forgery: what it was refused with, and how often. */
  readonly refusals: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>
  readonly tried: number
  /** Doors and forgeries that got in; must be empty. */
  readonly accepted: readonly string[]
}

/** Forged signatures at every place that takes one: upgrade, hello, commit, verdict and receipt. None may get in. */
export const measureSignatures: EndurePart = async ({ quick, seed, report }) => {
  const attempts = quick ? QUICK : FULL
  const tally = await tryForgeries(attempts, seededRandom(seed), (done) =>
    report('forged signatures', done, attempts),
  )
  const upgrades = Object.values(tally.refusals.upgrade ?? {}).flatMap((codes) => Object.entries(codes))
  const codes = new Map<string, number>()
  for (const [code, count] of upgrades) codes.set(code, (codes.get(code) ?? 0) + count)
  return {
    facts: tally,
    bars: [
      {
        name: 'signatures.accepted',
        value: tally.accepted.length,
        unit: `of ${tally.tried}`,
        floor: 0,
        note: `${Object.keys(FORGERIES).length} kinds at ${Object.keys(DOORS).length} doors; upgrades: ${[...codes].map(([code, count]) => `${count} ${code}`).join(', ')}`,
      },
    ],
  }
}

export async function tryForgeries(
  attempts: number,
  random: Random,
  step: (done: number) => void = () => {},
): Promise<Tally> {
  const refusals: Record<string, Record<string, Record<string, number>>> = {}
  const accepted: string[] = []
  let tried = 0
  const note = (door: string, kind: string, refusal: string | undefined): void => {
    tried++
    if (refusal === undefined) accepted.push(`${kind} at ${door}`)
    refusals[door] ??= {}
    refusals[door][kind] ??= {}
    const told = refusal ?? 'accepted'
    refusals[door][kind][told] = (refusals[door][kind][told] ?? 0) + 1
  }
  for (const [name, door] of Object.entries(DOORS)) {
    const refusal = await door(({ victim, message }) => victim.sign(message), random)
    if (refusal !== undefined && name !== NOBODYS_DOOR)
      throw new StarlingError('BENCH_DOOR', `${name} refuses a true signature: ${refusal}`)
  }
  while (tried < attempts) {
    step(tried)
    await turn()
    for (const [kind, forge] of Object.entries(FORGERIES))
      for (const [name, door] of Object.entries(DOORS)) note(name, kind, await door(forge, random))
    for (const [kind, refusal] of Object.entries(signedUpgrades(random))) note('upgrade', kind, refusal)
  }
  return { refusals, tried, accepted }
}

const HOUR_MS = 3_600_000

/** Upgrades with a true signature that must not be let in all the same. */
function signedUpgrades(random: Random): Record<string, string | undefined> {
  const key = Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256))
  const signed = (change: Parameters<typeof signedBytes>[0], more?: Record<string, string>) =>
    ask(change, VICTIM.sign(signedBytes(change)), more)
  const fresh = upgradeRequest(key)
  // Let in once, as it should be, so that the second time is a replay.
  const first = signed(fresh)
  const others = {
    'dated an hour ahead': signed(upgradeRequest(key, nextNonce(Date.now() + HOUR_MS))),
    'dated an hour ago': signed(upgradeRequest(key, nextNonce(Date.now() - HOUR_MS))),
    'for another listener': signed({ ...upgradeRequest(key), receiver: STRANGER.address }),
    'in the name of another': signed({ ...upgradeRequest(key), sender: STRANGER.address }),
    'with a scheme named': signed(upgradeRequest(key), { 'x-bittensor-crypto': 'ed25519' }),
    'of btauth 2': signed(upgradeRequest(key), { 'x-bittensor-version': '2' }),
  }
  const replay = first === undefined ? signed(fresh) : `the true one was refused: ${first}`
  return { ...others, 'the same again': replay }
}
