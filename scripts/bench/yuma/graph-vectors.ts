import type { EpochVector } from './vector-schema.ts'

const NEURONS = 512
const VALIDATORS = 64
const U16 = 65_535

/**
 * Subtensor's `test_512_graph`: 64 validators of equal stake weigh 448 miners alike, in three epochs of one block. Two of its
 * three ways to spread validators over uids (the third is random), with and without miners that weigh themselves.
 */
export function graphVectors(): EpochVector[] {
  const spreads = [
    { name: 'in-front', isValidator: (uid: number) => uid < VALIDATORS },
    { name: 'spread', isValidator: (uid: number) => uid % (NEURONS / VALIDATORS) === 0 },
  ]
  return spreads.flatMap(({ name, isValidator }) => [
    graph(`yuma-2-graph-512-${name}`, isValidator, false),
    graph(`yuma-2-graph-512-${name}-self-weights`, isValidator, true),
  ])
}

function graph(name: string, isValidator: (uid: number) => boolean, selfWeights: boolean): EpochVector {
  const uids = Array.from({ length: NEURONS }, (_, uid) => uid)
  const miners = uids.filter((uid) => !isValidator(uid))
  const byRole = <T>(validator: T, miner: T) => uids.map((uid) => (isValidator(uid) ? validator : miner))
  const weights = uids.map((uid): [number, number][] => {
    if (isValidator(uid)) return miners.map((miner) => [miner, U16])
    return selfWeights ? [[uid, U16]] : []
  })
  const input = {
    block: 1,
    tempo: U16 - 1,
    lastStep: 0,
    activityCutoff: 5_000,
    kappa: 32_767,
    bondsPenalty: U16,
    bondsMovingAverage: 900_000,
    maxValidators: VALIDATORS,
    stakeThreshold: 0n,
    ownerUid: undefined,
    yuma3: false,
    liquidAlpha: undefined,
    stake: byRole(328_125_000_000_000n, 0n),
    lastUpdate: byRole(1, selfWeights ? 1 : 0),
    blockAtRegistration: byRole(0, 0),
    firstCommitBlock: [],
    weights,
    emission: 1_000_000_000n,
  }
  const expect = {
    consensus: byRole(0, 146),
    incentive: byRole(0, 146),
    dividends: byRole(1_023, 0),
    emission: byRole(7_812_500n, 1_116_071n),
    bonds: byRole<[number, number][]>(
      uids.map((uid) => [uid, isValidator(uid) ? 0 : U16]),
      uids.map((uid) => [uid, 0]),
    ),
  }
  const first = { ...input, validatorPermit: byRole(true, false), bonds: uids.map(() => []) }
  const next = { ...input, validatorPermit: 'carry' as const, bonds: 'carry' as const }
  return {
    name,
    source: 'test_512_graph',
    tolerance: 0,
    epochs: [
      { input: first, expect },
      { input: next, expect },
      { input: next, expect },
    ],
  }
}
