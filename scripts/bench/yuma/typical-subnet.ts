import type { EpochInput } from '../../../shared/consensus/yuma/epoch-types.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import { below, gaussian, type Random } from '../../../shared/inference/random.ts'

/** Permits that Subtensor gives by default. */
const MAX_VALIDATORS = 64
const TEMPO = 360
const U16 = 65_535

/**
 * A busy subnet under Subtensor's defaults: up to 64 validators (a quarter of the uids on small ones), each of which weighs
 * every miner, nearly alike. Bonds are those that an earlier epoch left.
 */
export function typicalSubnet(random: Random, size: number): EpochInput {
  const validators = Math.min(MAX_VALIDATORS, Math.ceil(size / 4))
  const uids = Array.from({ length: size }, (_, uid) => uid)
  const quality = uids.map(() => random() ** 2)
  const first: EpochInput = {
    block: 100_000,
    tempo: TEMPO,
    lastStep: 100_000 - TEMPO,
    activityCutoff: 5_000,
    kappa: 32_767,
    bondsPenalty: U16,
    bondsMovingAverage: 900_000,
    maxValidators: MAX_VALIDATORS,
    stakeThreshold: 1_000_000_000_000n,
    ownerUid: 0,
    yuma3: false,
    liquidAlpha: undefined,
    stake: uids.map((uid) =>
      uid < validators ? 10n ** 12n + BigInt(below(random, 2 ** 31)) * 10n ** 6n : 0n,
    ),
    lastUpdate: uids.map(() => 100_000 - below(random, TEMPO)),
    blockAtRegistration: uids.map(() => below(random, 50_000)),
    firstCommitBlock: uids.map((uid) => (uid < validators ? 100_000 - below(random, TEMPO) : undefined)),
    validatorPermit: uids.map((uid) => uid < validators),
    weights: uids.map((uid) => (uid < validators ? row(random, quality, validators) : [])),
    bonds: uids.map(() => []),
    emission: 360_000_000_000n,
  }
  return { ...first, bonds: runEpoch(first).bonds }
}

/** One validator's weights, its largest 65535, as the chain stores them. */
function row(random: Random, quality: readonly number[], validators: number): [number, number][] {
  const miners = [...quality.keys()].slice(validators)
  const scores = miners.map((uid) => Math.max(0, quality[uid]! * (1 + 0.1 * gaussian(random))))
  const best = Math.max(...scores)
  return miners.map((uid, index) => [uid, Math.round((scores[index]! / best) * U16)])
}
