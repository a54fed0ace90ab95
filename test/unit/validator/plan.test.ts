import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { taggedHash, toHex, u32 } from '../../../shared/proof/hash.ts'
import { lotMessage, promptSeed } from '../../../shared/proof/lot.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { familyDraws } from '../../../validator/round/difficulty.ts'
import type { Past } from '../../../validator/round/past.ts'
import { answersWanted, planRound } from '../../../validator/round/plan.ts'
import { promptFor, promptKey } from '../../../validator/round/prompts.ts'
import type { PlannedChallenge } from '../../../validator/round/types.ts'
import { makeParticipants } from '../../support/participants.ts'

const participants = makeParticipants(7)
const config = roundConfigSchema.parse({ goldPerMiner: 5, maxChallenges: 200 })
const alice = signerFromUri('//Alice')
const hash = (byte: number) => toHex(new Uint8Array(32).fill(byte))
const place = { chainMarker: hash(1), netuid: 1, validator: new Uint8Array(32).fill(2), blockHash: hash(3) }

const past: Past = { abilityOf: () => 0.5, asked: [], isSilenced: () => false }

const plan = (change: Partial<typeof place> = {}, { vrf } = alice, numbers = config, before: Past = past) =>
  planRound({ ...place, ...change }, participants, vrf, numbers, before)
const answersOf = (challenges: readonly PlannedChallenge[], hotkey: string) =>
  challenges.filter(({ answerers }) => answerers.some((miner) => miner.hotkey === hotkey)).length
const goldOf = (challenges: readonly PlannedChallenge[], hotkey: string) =>
  challenges.filter(({ gold, answerers }) => gold !== undefined && answerers.some((a) => a.hotkey === hotkey))
    .length

describe('planRound', () => {
  const challenges = plan()

  it('gives every participant its gold answers, and stops where roles and not gold say', () => {
    for (const { hotkey } of participants) expect(goldOf(challenges, hotkey)).toBeGreaterThanOrEqual(5)
    const allButLast = challenges.slice(0, -1)
    const wanted = answersWanted(config)
    expect(participants.some(({ hotkey }) => answersOf(allButLast, hotkey) < wanted)).toBe(true)
    for (const { hotkey } of participants)
      expect(answersOf(challenges, hotkey)).toBeGreaterThanOrEqual(wanted)
  })

  it('goes on by a whole step where somebody is short of gold all the same', () => {
    const lucky = plan()
    // Nobody has gold until the round is longer than roles make it.
    let drawn = 0
    const late = { ...alice, vrf: (message: Uint8Array) => goldenFrom(lucky.length, drawn++, message) }
    const longer = plan({}, late)
    const wanted = answersWanted(config) + config.goldPerMiner
    for (const { hotkey } of participants) expect(answersOf(longer, hotkey)).toBeGreaterThanOrEqual(wanted)
    expect(participants.some(({ hotkey }) => answersOf(longer.slice(0, -1), hotkey) < wanted)).toBe(true)
  })

  it('asks no prompt that was asked before, and tells so only by asking others', () => {
    const prompts = challenges.map(({ prompt }) => promptKey(prompt))
    const again = plan({}, alice, config, { ...past, asked: prompts })
    expect(again.map(({ id, gold }) => toHex(id) + String(gold !== undefined))).toEqual(
      challenges.map(({ id, gold }) => toHex(id) + String(gold !== undefined)),
    )
    expect(again.filter(({ prompt }) => prompts.includes(promptKey(prompt)))).toEqual([])
  })

  it('asks no prompt twice in a round', () => {
    // Every lot is the same, and so would every prompt be.
    const same = plan({}, { ...alice, vrf: () => challenges[0]!.lot }, { ...config, maxChallenges: 20 })
    expect(same).toHaveLength(20)
    expect(new Set(same.map(({ prompt }) => prompt)).size).toBe(20)
  })

  it('lets nobody judge a field in which its coldkey answers', () => {
    const pair = participants.map((miner, i) => ({ ...miner, coldkey: i < 2 ? 'cold' : miner.coldkey }))
    const fields = planRound(place, pair, alice.vrf, { ...config, maxJudges: 7 }, past)
    let kept = 0
    for (const { answerers, judges, index } of fields) {
      const owners = new Set(answerers.map(({ coldkey }) => coldkey))
      expect(judges.filter(({ coldkey }) => owners.has(coldkey))).toEqual([])
      const before = challenges[index]!.judges.map(({ hotkey }) => hotkey)
      const those = before.filter((hotkey) => !owners.has(pair.find((m) => m.hotkey === hotkey)!.coldkey))
      expect(judges.map(({ hotkey }) => hotkey)).toEqual(those.length < 2 ? [] : those)
      if (those.length < before.length) kept++
    }
    expect(kept).toBeGreaterThan(0)
  })

  it('never asks for more challenges than the limit', () => {
    expect(plan({}, alice, { ...config, maxChallenges: 3 })).toHaveLength(3)
  })

  it('numbers challenges without gaps, and gives each its own id', () => {
    expect(challenges.map(({ index }) => index)).toEqual(challenges.map((_, i) => i))
    expect(new Set(challenges.map(({ id }) => toHex(id))).size).toBe(challenges.length)
  })

  it('lets nobody judge what it answers, and asks for no more judges than it should', () => {
    for (const { answerers, judges } of challenges) {
      const answering = new Set(answerers.map(({ hotkey }) => hotkey))
      expect(judges.filter(({ hotkey }) => answering.has(hotkey))).toEqual([])
      expect(judges.length).toBeLessThanOrEqual(config.maxJudges)
    }
  })

  it('follows from block and key, and from nothing else', () => {
    const ids = (list: readonly PlannedChallenge[]) => list.map(({ id, prompt }) => toHex(id) + prompt).join()
    expect(ids(plan())).toBe(ids(challenges))
    expect(ids(planRound(place, [...participants].reverse(), alice.vrf, config, past))).toBe(ids(challenges))
    expect(ids(plan({ blockHash: hash(4) }))).not.toBe(ids(challenges))
    expect(ids(plan({}, signerFromUri('//Bob')))).not.toBe(ids(challenges))
  })

  it('proves of every challenge that the key, and not its owner, drew the prompt', () => {
    for (const { id, lot, prompt, task, gold } of challenges) {
      expect(verifyVrf(lotMessage(id), lot, alice.address)).toBe(true)
      expect(promptFor(promptSeed(lot.output), config)).toEqual({ prompt, task, gold })
    }
  })

  it('asks more of what the swarm half knows', () => {
    const abilityOf = (family: string) => (family === 'json' ? 0.5 : 0.999)
    const seeds = Array.from({ length: 500 }, (_, i) => Uint8Array.of(i & 255, i >> 8))
    const draws = familyDraws(abilityOf, config)
    const share = seeds.filter((seed) => {
      const { gold } = promptFor(seed, { ...config, goldShare: 1 }, draws)
      return gold!.family === 'json'
    }).length
    // 1/22 + 1/2 · 0.25/(0.25 + 10 · 0.000999)
    expect(share / seeds.length).toBeGreaterThan(0.45)
    expect(share / seeds.length).toBeLessThan(0.6)
  })
})

/** A draw that gives gold from challenge `first` on, and none before. */
function goldenFrom(first: number, index: number, message: Uint8Array) {
  for (let nonce = 0; ; nonce++) {
    const output = taggedHash('test', message, u32(nonce))
    const isGold = promptFor(promptSeed(output), config).gold !== undefined
    if (isGold === index >= first) return { output, proof: new Uint8Array(64) }
  }
}

describe('promptFor', () => {
  it('mixes gold and the rest in the configured shares', () => {
    const prompts = Array.from({ length: 2_000 }, (_, i) => promptFor(Uint8Array.of(i & 255, i >> 8), config))
    const gold = prompts.filter((prompt) => prompt.gold !== undefined).length
    expect(gold / prompts.length).toBeGreaterThan(0.65)
    expect(gold / prompts.length).toBeLessThan(0.75)
    expect(prompts.every(({ prompt, gold: task }) => task === undefined || task.prompt === prompt)).toBe(true)
  })
})
