import { createSimulatedLedger } from '../../dividends/simulated-ledger.ts'
import { toRow } from '../../dividends/to-row.ts'
import { nodesOf } from './nodes.ts'
import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario.ts'

/** Two validators. */
export const TRUST_STAKES = [2, 1]
export const EPOCHS = 5
export const ROUNDS_AN_EPOCH = 3

/** Three models of ours, as often right as `npm run bench -- dividends` has it, on four miners each. */
export const TRUST_FIELD: Scenario = scenarioSchema.parse({
  groups: [
    { name: 'nano', count: 4, model: 'nano', pRight: 0.39, judgeSkill: 0.6 },
    { name: 'small', count: 4, model: 'small', pRight: 0.8, judgeSkill: 0.8 },
    { name: 'base', count: 4, model: 'base', pRight: 0.9, judgeSkill: 0.85 },
  ],
  rounds: EPOCHS * ROUNDS_AN_EPOCH,
  challenges: 30,
} satisfies ScenarioInput)

/** What a validator would publish that looked at nothing but the models' cards. */
export const CARDS: readonly number[] = nodesOf(TRUST_FIELD).map(({ group }) => group.pRight)

/** What each validator publishes after each epoch, from its scores by round and miner. */
export function publishedScores(scores: readonly (readonly number[])[]): (readonly number[])[] {
  return scores.filter((_, round) => (round + 1) % ROUNDS_AN_EPOCH === 0)
}

/**
 * Runs the chain's consensus over what validators publish; weights are revealed an epoch after they were committed.
 * @param published by validator, epoch and miner
 * @returns validator trust by validator after the last epoch, in [0, 1]
 */
export async function trustAfter(
  published: readonly (readonly (readonly number[])[])[],
): Promise<readonly number[]> {
  const miners = published[0]![0]!.length
  const ledger = createSimulatedLedger(TRUST_STAKES, miners, {
    ...{ revealPeriod: 1, yuma3: true, bondsMovingAverage: 900_000 },
  })
  let trust: readonly number[] = []
  // One more, in which the last weights are in force.
  for (let epoch = 0; epoch <= EPOCHS; epoch++) {
    await ledger.reveal()
    await ledger.commit(published.map((epochs) => toRow(epochs[Math.min(epoch, EPOCHS - 1)]!)))
    trust = (await ledger.settle()).validatorTrust
  }
  return trust
}
