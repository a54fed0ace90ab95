import { beforeAll, describe, expect, it } from 'vitest'
import { taggedHash, u32 } from '../../../shared/proof/hash.ts'
import { roundConfigSchema } from '../../../validator/config.ts'
import { type FamilyDraw, familyDraws } from '../../../validator/round/difficulty.ts'
import { promptFor } from '../../../validator/round/prompts.ts'
import { byteFeatures, type Features, featureOf, leakOf } from '../../support/leak/classifier.ts'
import { playRound, type SeenChallenge, type Sent } from '../../support/leak/played-round.ts'

// Planted answers in every second field, so that they would tell much.
const config = roundConfigSchema.parse({ maxJudges: 1, canaryShare: 0.5, judgeMethod: 'prompted' })
/** A swarm that can do some families well, and others not at all. */
const past = {
  abilityOf: (family: string) => ({ reverse: 0.03, json: 0.35, multiply: 0.62 })[family] ?? 0.95,
  asked: [],
  isSilenced: () => false,
}
const CHALLENGES = 4_000
const PROMPTS = 10_000
const DRAWS = familyDraws(past.abilityOf, config)

const isGold = ({ challenge }: SeenChallenge) => challenge.gold !== undefined

/** Features that are their names. */
const named = (names: readonly unknown[]): Features => new Set(names.map((name) => featureOf(String(name))))

/** The first frame byte by byte; the others differ in the model that they name. */
function sentFeatures(sent: readonly Sent[]): Features {
  const frame = sent[0]?.frame ?? new Uint8Array()
  const rest = named(sent.map(({ frame, timeoutMs }) => `${frame.length} in ${timeoutMs}`))
  return new Set([...byteFeatures(frame, 2), ...rest])
}

/** The first rounds that have that many challenges. */
async function playAtLeast(count: number, numbers = config): Promise<SeenChallenge[]> {
  const challenges: SeenChallenge[] = []
  for (let round = 0; challenges.length < count; round++)
    challenges.push(...(await playRound(round, numbers, past)))
  return challenges
}

/** What is seen of a challenge, by where it is seen. */
const VIEWS: Readonly<Record<string, (seen: SeenChallenge) => Features>> = {
  prompt: ({ challenge }) => byteFeatures(new TextEncoder().encode(challenge.prompt), 4),
  'what answerers are sent': ({ asked }) => sentFeatures(asked),
  'what judges are sent': ({ judged }) => sentFeatures(judged),
  'its place and its size': ({ challenge, count, asked, judged }) =>
    named([
      ...[`index ${challenge.index}`, `from the end ${count - challenge.index}`, `of ${count}`],
      ...[
        `answerers ${asked.length}`,
        `judges ${judged.length}`,
        `lengths ${asked.map((s) => s.frame.length)}`,
      ],
    ]),
}

/** How far from chance a classifier tells gold by one view, in units of what chance may do. */
function leakIn(challenges: readonly SeenChallenge[], view: string): number {
  const examples = challenges.map((one) => ({ features: VIEWS[view]!(one), label: isGold(one) }))
  return leakOf(examples).excess
}

/** Many prompts, by the first word of what is asked and the lengths of all; gold is drawn as `golden` says. */
function shapesWhere(golden: readonly FamilyDraw[]) {
  return Array.from({ length: PROMPTS }, (_, i) => {
    const seed = taggedHash('prompt', u32(i))
    const usual = promptFor(seed, config, DRAWS)
    const label = usual.gold !== undefined
    const { prompt } = label && golden !== DRAWS ? promptFor(seed, config, golden) : usual
    const words = prompt.split(', then ')[1]!.split(' ')
    return { features: named([`${words[0]} ${words.map((word) => word.length)}`]), label }
  })
}

let seen: SeenChallenge[]
beforeAll(async () => {
  seen = await playAtLeast(CHALLENGES)
})

describe('gold', () => {
  it.each(Object.keys(VIEWS))('is not told by %s', (view) => {
    expect(seen.length).toBeGreaterThanOrEqual(CHALLENGES)
    expect(leakIn(seen, view)).toBeLessThan(1)
  })

  it('is not told by what is asked, and how large', () => {
    expect(leakOf(shapesWhere(DRAWS)).excess).toBeLessThan(1)
    expect(leakOf(shapesWhere(DRAWS.map((draw) => ({ ...draw, lean: 0 })))).excess).toBeGreaterThan(1)
  })

  it('is as likely at the end of a round, and at its beginning, as elsewhere', () => {
    for (const place of [0, 1, -1, -2]) {
      const those = seen.filter(({ challenge, count }) => challenge.index === (place + count) % count)
      const share = those.filter(isGold).length / those.length
      const bound = 3.29 * Math.sqrt((config.goldShare * (1 - config.goldShare)) / those.length)
      expect(Math.abs(share - config.goldShare)).toBeLessThan(bound)
    }
  })

  it('would be found where anything told it', async () => {
    const without = await playAtLeast(1_000, { ...config, canaryShare: 0 })
    const told = (change: (one: SeenChallenge) => SeenChallenge) =>
      seen.map((one, i) => (isGold(one) && i % 5 < 2 ? change(one) : one))
    const planted: Record<string, SeenChallenge[]> = {
      prompt: told(({ challenge, ...rest }) => {
        const prompt = challenge.prompt.replace('Write of', 'Tell of')
        return { ...rest, challenge: { ...challenge, prompt } }
      }),
      'what answerers are sent': told((one) => ({
        ...one,
        asked: one.asked.map((sent) => ({ ...sent, timeoutMs: sent.timeoutMs + 1 })),
      })),
      // Planted answers on gold alone.
      'what judges are sent': without.map((one, i) => (isGold(one) ? seen[i]! : one)),
      'its place and its size': told((one) => ({ ...one, asked: one.asked.slice(1) })),
    }
    for (const view of Object.keys(VIEWS)) {
      expect([view, leakIn(planted[view]!, view) > 1]).toEqual([view, true])
    }
  })
})
