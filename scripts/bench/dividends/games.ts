import { createHash } from 'node:crypto'
import { seededRandom } from '../../../shared/proof/random.ts'
import type { DrawName } from './draws.ts'
import { type CopierGame, type CopierResult, playCopier } from './play.ts'
import { createSimulatedLedger, type LedgerRules } from './simulated-ledger.ts'

/** Three honest validators and, last, the copier. */
export const STAKES = [3, 2, 2, 1]
export const MINERS = 12

/** What docs/weights.md advises a subnet to set against copying. */
export const ADVISED: LedgerRules = { revealPeriod: 3, yuma3: true, bondsMovingAverage: 900_000 }

export const GAMES = {
  stationary: { redrawn: 0, anew: 8, warmUp: 10 },
  redrawn: { redrawn: 0.5, anew: 8, warmUp: 28 },
} as const
export type GameName = keyof typeof GAMES

export function gameOf(draw: DrawName, name: GameName, epochs: number): CopierGame {
  return { ...GAMES[name], draw, epochs, miners: MINERS, gold: 36, roundsAnEpoch: 3 }
}

/** Draws of their own for every seed and names. */
export function randomOf(seed: number, ...names: readonly (string | number)[]): () => number {
  return seededRandom(
    createHash('sha256')
      .update([seed, ...names].join('/'))
      .digest(),
  )
}

/** One simulated game of 40 epochs; `run` numbers the games of a seed. */
export function simulateCopier(
  draw: DrawName,
  name: GameName,
  rules: LedgerRules,
  { seed, run }: { readonly seed: number; readonly run: number },
): Promise<CopierResult> {
  const ledger = createSimulatedLedger(STAKES, MINERS, rules)
  return playCopier(gameOf(draw, name, 40), ledger, randomOf(seed, draw, name, run))
}
