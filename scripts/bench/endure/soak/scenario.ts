import type { Scenario } from '../../../demo/scenario.ts'

/** Milliseconds between blocks. */
export const BLOCK_MS = 1_000

/** Miners that are right often enough to be paid, so that there are weights to set. */
const ABLE = 2

/**
 * Many miners of the smallest models, each a program with an engine of its own: what is under test is everything but the model, and two
 * cores bear no more. A round without faults is over before the next one; one with silent miners waits for all of its deadlines.
 */
export function soakScenario(miners: number): Scenario {
  return {
    miners: Array.from({ length: miners }, (_, at) => {
      const model = at < ABLE ? 'small' : 'nano'
      return { name: `miner-${at + 1}`, behaviour: 'honest', declares: model, runs: model }
    }),
    validators: [{ name: 'validator', stake: 1_000n }],
    blockMs: BLOCK_MS,
    tempo: 30,
    round: {
      ...{ roundBlocks: 20, goldPerMiner: 2, maxChallenges: 16, maxTokens: 120, verdictTokens: 60 },
      ...{ commitMs: 8_000, judgeMs: 8_000, revealMs: 4_000, maxJudges: 2 },
    },
    // Weights are to flow within a minute: who passes is not under test.
    scoring: { examAnswers: 0, examVerdicts: 0 },
    paidEpochs: 1,
  }
}
