import type { Scenario } from '../../../demo/scenario.ts'

/** Milliseconds between blocks. */
export const BLOCK_MS = 1_000

/**
 * Many miners of the smallest model, each a program with an engine of its own: what is under test is everything but the model, and two
 * cores bear no more. A round without faults is over before the next one; one with silent miners waits for all of its deadlines.
 */
export function soakScenario(miners: number): Scenario {
  return {
    miners: Array.from({ length: miners }, (_, at) => {
      return { name: `miner-${at + 1}`, behaviour: 'honest', declares: 'nano', runs: 'nano' }
    }),
    validators: [{ name: 'validator', stake: 1_000n }],
    blockMs: BLOCK_MS,
    tempo: 30,
    round: {
      ...{ roundBlocks: 20, goldPerMiner: 2, maxChallenges: 16, maxTokens: 60, verdictTokens: 40 },
      ...{ commitMs: 8_000, judgeMs: 8_000, revealMs: 4_000, maxJudges: 2 },
    },
    paidEpochs: 1,
  }
}
