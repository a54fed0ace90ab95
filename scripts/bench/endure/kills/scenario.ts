import type { Scenario } from '../../../demo/scenario.ts'

export const BLOCK_MS = 300

/** Milliseconds that a start takes, and a round from its first message to its weights, on two busy cores. */
export const START_MS = 2_500
export const ROUND_MS = 6_000

/** Rounds as short as they can be with every phase in them, so that a life is mostly round. */
export const KILLS_SCENARIO: Scenario = {
  miners: ['miner-1', 'miner-2', 'miner-3'].map((name) => {
    return { name, behaviour: 'honest', declares: 'nano', runs: 'nano' }
  }),
  validators: [
    { name: 'validator-1', stake: 1_000n },
    { name: 'validator-2', stake: 1_000n },
    { name: 'validator-3', stake: 1_000n },
  ],
  blockMs: BLOCK_MS,
  tempo: 10,
  round: {
    ...{ roundBlocks: 5, goldPerMiner: 2, goldShare: 1, maxChallenges: 6, maxTokens: 100 },
    ...{ maxJudges: 1, verdictTokens: 16, canaryShare: 0 },
    ...{ commitMs: 5_000, judgeMs: 5_000, revealMs: 3_000, anchorBlocks: 20 },
  },
  scoring: { qualityMinimum: 1, examAnswers: 0, examVerdicts: 1 },
  paidEpochs: 0,
}
