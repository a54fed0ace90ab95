import type { Metagraph, Neuron } from '../../shared/chain/chain-client.ts'
import type { MinerRow } from '../../shared/proof/miner-row.ts'
import type { RoundEntry, WeightsEntry } from '../../validator/store/entries.ts'
import type { EpochFacts, MinerFacts, ValidatorFacts } from './facts.ts'
import type { MinerRole, ValidatorRole } from './scenario.ts'

export interface ValidatorRecord {
  readonly rounds: readonly RoundEntry[]
  readonly weights: readonly WeightsEntry[]
}

/** What chain and journals say of one miner. */
export function minerFacts(
  role: MinerRole,
  hotkey: string,
  metagraph: Metagraph,
  history: readonly EpochFacts[],
  records: readonly ValidatorRecord[],
  restartBlocks: readonly number[],
): MinerFacts {
  const neuron = neuronOf(metagraph, hotkey)
  const rows = records.flatMap(({ rounds }) =>
    rounds.flatMap(({ block, rows }) => rowsOf(rows, hotkey, block)),
  )
  const count = (key: 'accepted' | 'rejected' | 'missed') => sum(rows.map(({ row }) => row[key]))
  const restarted = Math.min(...restartBlocks)
  const winRates = rows.flatMap(({ row }) => row.winRate ?? [])
  const newest = records.flatMap(
    ({ rounds }) => rounds.at(-1)?.rows.filter((row) => row.hotkey === hotkey) ?? [],
  )
  const weights = records.flatMap(({ weights }) => {
    const last = weights.at(-1)
    return last === undefined ? [] : [last.weights[last.uids.indexOf(neuron.uid)] ?? 0]
  })
  return {
    name: role.name,
    uid: neuron.uid,
    hotkey,
    behaviour: role.behaviour,
    model: role.declares,
    rounds: rows.length,
    accepted: count('accepted'),
    rejected: count('rejected'),
    missed: count('missed'),
    restarts: restartBlocks.length,
    acceptedAfterRestart: sum(rows.filter(({ block }) => block > restarted).map(({ row }) => row.accepted)),
    winRate: winRates.length === 0 ? null : mean(winRates),
    score: mean(newest.map(({ score }) => score)),
    weight: mean(weights),
    incentive: neuron.incentive,
    emissionRao: paid(history, hotkey),
    reasons: [...new Set(newest.flatMap(({ reasons }) => reasons))],
  }
}

/** What chain and journals say of one validator. */
export function validatorFacts(
  role: ValidatorRole,
  hotkey: string,
  metagraph: Metagraph,
  history: readonly EpochFacts[],
  record: ValidatorRecord,
): ValidatorFacts {
  const { uid, dividends, validatorTrust } = neuronOf(metagraph, hotkey)
  return {
    name: role.name,
    uid,
    hotkey,
    dividends,
    vtrust: validatorTrust,
    weightsSet: record.weights.length,
    emissionRao: paid(history, hotkey),
  }
}

function neuronOf(metagraph: Metagraph, hotkey: string): Neuron {
  const neuron = metagraph.neurons.find((candidate) => candidate.hotkey === hotkey)
  if (neuron === undefined) throw new Error(`${hotkey} is not in the metagraph`)
  return neuron
}

function rowsOf(
  rows: readonly MinerRow[],
  hotkey: string,
  block: number,
): { row: MinerRow; block: number }[] {
  return rows.filter((row) => row.hotkey === hotkey).map((row) => ({ row, block }))
}

function paid(history: readonly EpochFacts[], hotkey: string): bigint {
  return history.reduce((total, { paidRao }) => total + (paidRao[hotkey] ?? 0n), 0n)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length
}
