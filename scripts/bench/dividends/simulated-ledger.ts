import type { EpochInput } from '../../../shared/consensus/yuma/epoch-types.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import type { Ledger, Row } from './ledger.ts'

/** Hyperparameters that decide what copying is worth. */
export interface LedgerRules {
  /** Epochs between a commit and its reveal. */
  readonly revealPeriod: number
  readonly yuma3: boolean
  /** Millionths that a bond keeps at each epoch. */
  readonly bondsMovingAverage: number
}

const TEMPO = 360
const EMISSION = 10n ** 15n
const RAO_PER_TAO = 1_000_000_000n

/** The chain's consensus without a chain: the same arithmetic, thousands of times as fast. */
export function createSimulatedLedger(
  stakes: readonly number[],
  miners: number,
  { revealPeriod, yuma3, bondsMovingAverage }: LedgerRules,
): Ledger {
  const n = stakes.length + miners
  const isValidator = (uid: number) => uid < stakes.length
  const inForce = new Array<Row | undefined>(stakes.length).fill(undefined)
  const committed: (readonly Row[])[] = []
  let bonds: EpochInput['bonds'] = Array.from({ length: n }, () => [])
  let epoch = 0
  let kept = 0
  const cells = (row: Row | undefined): [number, number][] =>
    (row ?? []).flatMap((weight, miner): [number, number][] =>
      weight === 0 ? [] : [[stakes.length + miner, weight]],
    )
  return {
    stakes,
    async reveal() {
      committed[epoch - revealPeriod]?.forEach((row, validator) => {
        inForce[validator] = row
      })
      return [...inForce]
    },
    async commit(rows) {
      committed[epoch] = rows
    },
    async settle() {
      epoch++
      const block = (epoch + 1) * TEMPO
      const output = runEpoch({
        block,
        tempo: TEMPO,
        lastStep: block - TEMPO,
        activityCutoff: 5_000,
        kappa: 32_767,
        bondsPenalty: 65_535,
        bondsMovingAverage: kept,
        maxValidators: 64,
        stakeThreshold: 0n,
        ownerUid: undefined,
        yuma3,
        liquidAlpha: undefined,
        stake: Array.from({ length: n }, (_, uid) =>
          isValidator(uid) ? BigInt(Math.round(stakes[uid]! * 1_000)) * RAO_PER_TAO : 0n,
        ),
        lastUpdate: new Array<number>(n).fill(block - 1),
        blockAtRegistration: new Array<number>(n).fill(1),
        firstCommitBlock: [],
        validatorPermit: Array.from({ length: n }, (_, uid) => isValidator(uid)),
        weights: Array.from({ length: n }, (_, uid) => (isValidator(uid) ? cells(inForce[uid]) : [])),
        bonds,
        emission: EMISSION,
      })
      bonds = output.bonds
      return {
        perStake: stakes.map((stake, uid) => Number(output.validatorEmission[uid]!) / stake),
        validatorTrust: stakes.map((_, uid) => output.validatorTrust[uid]! / 65_535),
      }
    },
    async keepBonds() {
      kept = bondsMovingAverage
    },
    async close() {},
  }
}
