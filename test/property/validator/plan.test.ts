import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FAMILIES } from '../../../shared/inference/tasks/families.ts'
import { taggedHash, toHex, u32 } from '../../../shared/proof/hash.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { drawAt, familyDraws } from '../../../validator/round/difficulty.ts'
import type { Past } from '../../../validator/round/past.ts'
import { answersWanted, planRound } from '../../../validator/round/plan.ts'
import { promptKey } from '../../../validator/round/prompts.ts'
import type { Participant, PlannedChallenge } from '../../../validator/round/types.ts'
import { deadSession, testModel } from '../../support/participants.ts'

const config = roundConfigSchema.parse({ maxChallenges: 256 })
const unit = fc.nat(1_000).map((thousandths) => thousandths / 1_000)

/** Miners of which some share a coldkey. */
function minersOf(count: number, owners: number): Participant[] {
  return Array.from({ length: count }, (_, uid) => ({
    ...{ uid, hotkey: `miner-${uid}`, publicKey: taggedHash('miner', u32(uid)), coldkey: `${uid % owners}` },
    ...{ model: testModel, session: deadSession(`miner-${uid}`) },
  }))
}

function planOf(miners: readonly Participant[], seed: number, past: Past, numbers = config) {
  // A hash in place of the key's function.
  const vrf = (message: Uint8Array) => ({
    output: taggedHash('test', message, u32(seed)),
    proof: new Uint8Array(64),
  })
  const zero = toHex(new Uint8Array(32))
  const place = { chainMarker: zero, netuid: 1, validator: new Uint8Array(32), blockHash: zero }
  return planRound(place, miners, vrf, numbers, past)
}

const namesOf = (those: readonly Participant[]) => those.map(({ hotkey }) => hotkey).join()
const rolesOf = ({ answerers, judges, gold }: PlannedChallenge) =>
  `${namesOf(answerers)} ${namesOf(judges)} ${gold?.family !== undefined}`
const told = (challenge: PlannedChallenge) =>
  `${toHex(challenge.id)} ${challenge.prompt} ${challenge.task.answer} ${rolesOf(challenge)}`

it('gives everybody who was drawn its gold, whatever the order, and asks nothing twice', () => {
  const abilities = fc.array(unit, { minLength: FAMILIES.length, maxLength: FAMILIES.length })
  fc.assert(
    fc.property(
      ...[fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(1_000), abilities],
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(0.4, 0.7, 1),
      (count, owners, seed, able, goldPerMiner, goldShare) => {
        const miners = minersOf(count, owners)
        const past: Past = {
          abilityOf: (family) => able[FAMILIES.findIndex(({ name }) => name === family)]!,
          ...{ asked: [], isSilenced: (hotkey) => hotkey.endsWith('3') },
        }
        const numbers = { ...config, goldPerMiner, goldShare, maxChallenges: 1_024 }
        const plan = planOf(miners, seed, past, numbers)
        for (const miner of miners) {
          const own = plan.filter(({ answerers }) => answerers.includes(miner))
          expect(own.filter(({ gold }) => gold !== undefined).length).toBeGreaterThanOrEqual(goldPerMiner)
          expect(own.length).toBeGreaterThanOrEqual(answersWanted(numbers))
        }
        for (const { answerers, judges } of plan) {
          const owned = new Set(answerers.map(({ coldkey }) => coldkey))
          expect(judges.some(({ coldkey }) => owned.has(coldkey))).toBe(false)
        }
        expect(new Set(plan.map(({ prompt }) => prompt)).size).toBe(plan.length)
        expect(planOf(miners.toReversed(), seed, past, numbers).map(told)).toEqual(plan.map(told))
        // What was asked before changes prompts, and neither gold nor roles.
        const asked = plan.map(({ prompt }) => promptKey(prompt))
        const later = planOf(miners, seed, { ...past, asked }, numbers)
        expect(later.map(rolesOf)).toEqual(plan.map(rolesOf))
        expect(later.some(({ prompt }) => asked.includes(promptKey(prompt)))).toBe(false)
      },
    ),
    { numRuns: 20 },
  )
})

it('draws every family, and none more than half of the time beyond its even share', () => {
  fc.assert(
    fc.property(
      fc.array(unit, { minLength: 11, maxLength: 11 }),
      fc.constantFrom(0, 0.2, 0.5),
      (able, share) => {
        const abilityOf = (family: string) => able[FAMILIES.findIndex(({ name }) => name === family)]!
        const draws = familyDraws(abilityOf, { adaptiveShare: share })
        expect(draws.reduce((sum, { chance }) => sum + chance, 0)).toBeCloseTo(1, 12)
        for (const { chance, lean } of draws) {
          expect(chance).toBeGreaterThanOrEqual((1 - share) / FAMILIES.length)
          expect(chance).toBeLessThanOrEqual((1 - share) / FAMILIES.length + share)
          expect(Math.abs(lean)).toBeLessThanOrEqual(share)
        }
        const halves = draws.map(({ name }) => Math.abs(abilityOf(name) - 0.5))
        const nearest = draws[halves.indexOf(Math.min(...halves))]!
        for (const { chance } of draws) expect(chance).toBeLessThanOrEqual(nearest.chance + 1e-12)
        expect(drawAt(draws, 0)).toBe(draws[0])
        expect(drawAt(draws, 1 - 2 ** -53).chance).toBeGreaterThan(0)
      },
    ),
  )
})

it('is of a size that 64 of 256 miners can answer in', () => {
  const past: Past = { abilityOf: () => 0.5, asked: [], isSilenced: () => false }
  const numbers = roundConfigSchema.parse({})
  const miners = minersOf(numbers.maxParticipants, 64)
  const plans = [1, 2, 3].map((seed) => planOf(miners, seed, past, numbers))
  for (const plan of plans) {
    expect(plan.length).toBeLessThan(numbers.maxChallenges)
    const answers = plan.reduce((sum, { answerers }) => sum + answerers.length, 0)
    expect(answers / miners.length).toBeLessThan(2 * answersWanted(numbers))
    for (const { judges } of plan) expect(judges).toHaveLength(numbers.maxJudges)
  }
})
