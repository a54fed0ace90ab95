import { judgeWeight } from '../../../../shared/consensus/judge-reliability.ts'
import { fitCrowd } from '../../../../shared/consensus/ladder/crowd.ts'
import type { LadderField, Rung } from '../../../../shared/consensus/ladder/field.ts'
import { medoid, reliabilityWeightedMedoid } from '../../../../shared/consensus/ladder/medoids.ts'
import { bradleyTerry, plainBradleyTerry, swarm } from '../../../../shared/consensus/ladder/ranking.ts'
import { first, majority, reliabilityWeightedMajority } from '../../../../shared/consensus/ladder/voting.ts'
import type { CollectedField } from './collect.ts'
import { ladderField, type Trust } from './fields.ts'

/** Every rung that is measured, the lowest first. */
export const RUNGS = [
  'first',
  'majority',
  'medoid',
  'reliabilityWeightedMedoid',
  'reliabilityWeightedMajority',
  'plainBradleyTerry',
  'crowdBt',
  'bradleyTerry',
  'likelihoodBradleyTerry',
  'swarm',
] as const
export type RungName = (typeof RUNGS)[number]

/** Whether each rung reads a right answer out of each field: 1 or 0. */
export type ReadOuts = Readonly<Record<RungName, Uint8Array>>

export function readOut(fields: readonly CollectedField[], trust: Trust): ReadOuts {
  const prompted = fields.map(({ field, prompted, hashes }) => ladderField(field, prompted, trust, hashes))
  const likelihood = fields.map(({ field, likelihood }) => ladderField(field, likelihood, trust))
  const right = (rung: Rung, of: readonly LadderField[] = prompted) =>
    Uint8Array.from(of, (one, i) => Number(fields[i]!.field.answers[rung(one)]!.isRight))
  return {
    first: right(first),
    majority: right(majority),
    medoid: right(medoid),
    reliabilityWeightedMedoid: right(reliabilityWeightedMedoid),
    reliabilityWeightedMajority: right(reliabilityWeightedMajority),
    plainBradleyTerry: right(plainBradleyTerry),
    crowdBt: right(bradleyTerry, withCrowdWeights(prompted)),
    bradleyTerry: right(bradleyTerry),
    likelihoodBradleyTerry: right(bradleyTerry, likelihood),
    swarm: right(swarm),
  }
}

/** Voices weighed by how they agree over all fields, without gold. */
function withCrowdWeights(fields: readonly LadderField[]): LadderField[] {
  const said = fields.map(({ results, judgements }) => ({ count: results.length, judgements }))
  const { reliability } = fitCrowd(said)
  const weightOf = (voice: string) => judgeWeight(reliability.get(voice) ?? 0.5)
  return fields.map((field) => ({ ...field, weightOf }))
}
