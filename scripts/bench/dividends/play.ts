import { copiedRow } from './copied-row.ts'
import { createField, DRAWS, type DrawName } from './draws.ts'
import type { Ledger } from './ledger.ts'
import { createObserver } from './observer.ts'
import { toRow } from './to-row.ts'

export interface CopierGame {
  readonly draw: DrawName
  /** Share of the miners that is drawn anew at each epoch. */
  readonly redrawn: number
  readonly miners: number
  /** Gold answers that a validator scores of each miner in an epoch. */
  readonly gold: number
  readonly roundsAnEpoch: number
  /** Epochs whose bonds start anew: enough for the first reveals and for a copy of them. */
  readonly anew: number
  /** Epochs that count, after `warmUp` that do not. */
  readonly epochs: number
  readonly warmUp: number
}

export interface CopierResult {
  /** Copier's dividends a stake over the honest validators', by epoch. */
  readonly ratios: readonly number[]
  /** Least validator trust among the honest, by epoch. */
  readonly honestTrust: readonly number[]
}

/**
 * Plays one game: every validator but the last is honest and commits what it measured in the epoch; the last one waits for the
 * reveals of the epoch, and commits the stake-weighted median of the others' rows, which is the best it can know.
 */
export async function playCopier(
  game: CopierGame,
  ledger: Ledger,
  random: () => number,
): Promise<CopierResult> {
  const honest = ledger.stakes.length - 1
  const field = createField(game.miners, DRAWS[game.draw], random)
  const observers = Array.from({ length: honest }, () => createObserver(game.roundsAnEpoch, random))
  const ratios: number[] = []
  const honestTrust: number[] = []
  for (let epoch = 0; epoch < game.warmUp + game.epochs; epoch++) {
    field.redraw(game.redrawn)
    for (const observer of observers) observer.observe(field.miners, game.gold)
    const measured = observers.map((observer) => toRow(observer.scores(field.miners)))
    const inForce = (await ledger.reveal()).slice(0, honest)
    await ledger.commit([...measured, copiedRow(inForce, ledger.stakes, game.miners)])
    const { perStake, validatorTrust } = await ledger.settle()
    if (epoch === game.anew) await ledger.keepBonds()
    if (epoch < game.warmUp) continue
    ratios.push(perStake[honest]! / weightedMean(perStake.slice(0, honest), ledger.stakes))
    honestTrust.push(Math.min(...validatorTrust.slice(0, honest)))
  }
  return { ratios, honestTrust }
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  const total = values.reduce((sum, _, at) => sum + weights[at]!, 0)
  return values.reduce((sum, value, at) => sum + value * weights[at]!, 0) / total
}
