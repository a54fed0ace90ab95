import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import { lotMessage, promptSeed } from '../../../shared/proof/lot.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { planRound } from '../../../validator/round/plan.ts'
import { promptFor } from '../../../validator/round/prompts.ts'
import type { PlannedChallenge } from '../../../validator/round/types.ts'
import { makeParticipants } from '../../support/participants.ts'

const participants = makeParticipants(7)
const config = roundConfigSchema.parse({ goldPerMiner: 5, maxChallenges: 200 })
const alice = signerFromUri('//Alice')
const hash = (byte: number) => toHex(new Uint8Array(32).fill(byte))
const place = { chainMarker: hash(1), netuid: 1, validator: new Uint8Array(32).fill(2), blockHash: hash(3) }

const plan = (change: Partial<typeof place> = {}, { vrf } = alice, numbers = config) =>
  planRound({ ...place, ...change }, participants, vrf, numbers)
const goldOf = (challenges: readonly PlannedChallenge[], hotkey: string) =>
  challenges.filter(({ gold, answerers }) => gold !== undefined && answerers.some((a) => a.hotkey === hotkey))
    .length

describe('planRound', () => {
  const challenges = plan()

  it('gives every participant its gold answers, and stops as soon as it has', () => {
    for (const { hotkey } of participants) expect(goldOf(challenges, hotkey)).toBeGreaterThanOrEqual(5)
    const allButLast = challenges.slice(0, -1)
    expect(participants.some(({ hotkey }) => goldOf(allButLast, hotkey) < 5)).toBe(true)
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
    expect(ids(planRound(place, [...participants].reverse(), alice.vrf, config))).toBe(ids(challenges))
    expect(ids(plan({ blockHash: hash(4) }))).not.toBe(ids(challenges))
    expect(ids(plan({}, signerFromUri('//Bob')))).not.toBe(ids(challenges))
  })

  it('proves of every challenge that the key, and not its owner, drew the prompt', () => {
    for (const { id, lot, prompt, gold } of challenges) {
      expect(verifyVrf(lotMessage(id), lot, alice.address)).toBe(true)
      expect(promptFor(promptSeed(lot.output), config)).toEqual({ prompt, gold })
    }
  })
})

describe('promptFor', () => {
  it('mixes gold, tasks and open-ended prompts in the configured shares', () => {
    const prompts = Array.from({ length: 2_000 }, (_, i) => promptFor(Uint8Array.of(i & 255, i >> 8), config))
    const gold = prompts.filter((prompt) => prompt.gold !== undefined).length
    expect(gold / prompts.length).toBeGreaterThan(0.65)
    expect(gold / prompts.length).toBeLessThan(0.75)
    expect(prompts.every(({ prompt, gold: task }) => task === undefined || task.prompt === prompt)).toBe(true)
  })
})
