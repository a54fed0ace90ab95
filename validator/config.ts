import { z } from 'zod'

const count = z.number().int().positive()

/** Every number of a round that an operator may tune: default, unit and reason. */
export const roundConfigSchema = z.strictObject({
  roundBlocks: count.default(25).describe('blocks from one round to the next; 25 of 12 s are five minutes'),
  goldPerMiner: count
    .max(256)
    .default(6)
    .describe(
      'gold answers that every miner gives in a round at least; about twice as many on average, so luck does not outweigh ability',
    ),
  maxChallenges: count
    .max(1024)
    .default(64)
    .describe('challenges in a round, whatever the wish for gold; at most as many as the book remembers'),
  goldShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.7)
    .describe(
      'probability that the truth settles a challenge; the rest, which nobody can tell from it, is settled by peers alone',
    ),
  adaptiveShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.5)
    .describe(
      'share of the challenges that goes to the families in which the swarm is about half able; at most half, so that qualities of different rounds stay comparable',
    ),
  maxTokens: count.default(160).describe('tokens that an answer may have'),
  temperature: z
    .number()
    .positive()
    .default(0.8)
    .describe('sampling temperature; greedy answers prove nothing'),
  topK: z.number().int().min(0).max(64).default(0).describe('likeliest tokens that may be sampled; 0 is all'),
  topP: z.number().gt(0).max(1).default(1).describe('probability mass that may be sampled; 1 is all'),
  maxJudges: count
    .default(3)
    .describe('judges of one challenge; more of one voice add cost and no information'),
  judgeMethod: z
    .enum(['prompted', 'likelihood'])
    .default('prompted')
    .describe('how judges judge: by reading pairs of answers, or by the likelihood of each'),
  judgeTemperature: z.number().positive().default(0.3).describe('sampling temperature of verdicts'),
  verdictTokens: count.max(128).default(100).describe('tokens that one verdict on a pair may have'),
  verdictReplayShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('share of verdicts on gold that the validator computes again: what stops cliques'),
  rankingReplay: z
    .number()
    .min(1)
    .default(2)
    .describe(
      'how many times as often as on gold: where verdicts rank they decide pay, and a judge that knows gold lies there alone',
    ),
  canaryShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      'probability that a field, gold or not, holds a planted wrong answer that asks to be preferred: on gold alone it would tell gold',
    ),
  maxJudged: count.min(2).max(32).default(12).describe('groups of like answers that judges compare'),
  clusterBits: z
    .number()
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe('bits of the 1,024 of their SimHashes by which answers of one group may differ'),
  maxParticipants: count.default(64).describe('miners that one round asks'),
  samplingFloor: z
    .number()
    .gt(0)
    .max(1)
    .default(0.25)
    .describe('least chance of being drawn for a round against that of the best: newcomers are heard, too'),
  commitMs: count.default(60_000).describe('milliseconds from a challenge to its commit'),
  anchorBlocks: count
    .default(8)
    .describe(
      'blocks that the chain has to take the anchor of the commits; miners keep their answers for five minutes, so with 12 s blocks at most 16',
    ),
  revealMs: count.default(10_000).describe('milliseconds from the reveal request to the reveal'),
  judgeMs: count.default(60_000).describe('milliseconds from the judge request to the verdict’s commit'),
  auditTolerance: z
    .number()
    .positive()
    .default(1e-4)
    .describe(
      'logit units; honest fp32 answers stay below 2e-6, the lightest cheat that changes a token exceeds it',
    ),
})
export type RoundConfig = z.infer<typeof roundConfigSchema>
