import type { EpochInput, Row } from '../../../shared/consensus/yuma/epoch-types.ts'
import { below, pick, type Random } from '../../../shared/inference/random.ts'

const BLOCK = 100_000
const U16 = 65_535

/**
 * A random subnet with `size` neurons, its corners more likely than in life: both versions of Yuma, liquid alpha with any
 * steepness, commit-reveal masks, an owner or none, empty rows, zero weights, rows out of order or with a uid twice, stakes
 * from 1 rao to all TAO, inactive validators, neurons newer than weights and bonds, and lists that are too short.
 */
export function randomSubnet(random: Random, size: number): EpochInput {
  const chance = (probability: number) => random() < probability
  const list = <T>(make: (uid: number) => T) => Array.from({ length: size }, (_, uid) => make(uid))
  const voters = list(() => chance(size > 64 ? 0.2 : 0.6))
  // Blocks of the recent past are few, so that two are often one and the same.
  const recently = () => BLOCK - 20 * below(random, 25)
  const registered = list(() => (chance(0.1) ? recently() : below(random, 1_000)))
  const updated = list(() => (chance(0.1) ? below(random, BLOCK) : recently()))
  const commits = (): EpochInput['firstCommitBlock'] => list(() => (chance(0.4) ? recently() : undefined))
  const density = pick(random, [0.1, 0.5, 1, 1])
  const isTidy = chance(0.7)
  const shorten = <T>(items: T[]): T[] => (chance(0.02) ? items.slice(0, below(random, size + 1)) : items)
  return {
    block: BLOCK,
    tempo: pick(random, [0, 1, 100, 360, 360, U16]),
    lastStep: chance(0.3) ? 0 : recently(),
    activityCutoff: pick(random, [300, 5_000, 5_000, U16]),
    kappa: chance(0.5) ? 32_767 : pick(random, [0, 1, 32_768, 40_000, U16, below(random, U16 + 1)]),
    bondsPenalty: pick(random, [0, U16, below(random, U16 + 1)]),
    bondsMovingAverage: pick(random, [0, 900_000, 975_000, 1_000_000, 1_000_001, below(random, 1_000_000)]),
    maxValidators: pick(random, [1, 2, 64, 128, below(random, size + 2)]),
    stakeThreshold: pick(random, [0n, 0n, 1_000n, 1_000_000_000_000n]),
    ownerUid: chance(0.5) ? below(random, size) : undefined,
    yuma3: chance(0.5),
    liquidAlpha: chance(0.6) ? randomLiquidAlpha(random) : undefined,
    stake: randomStakes(random, voters),
    lastUpdate: shorten(chance(0.02) ? [...updated, BLOCK] : updated),
    blockAtRegistration: registered,
    firstCommitBlock: chance(0.5) ? [] : commits(),
    validatorPermit: shorten(voters.map((votes) => (votes ? chance(0.9) : chance(0.1)))),
    weights: list((uid) => (voters[uid] && chance(0.9) ? randomRow(random, size, density, isTidy) : [])),
    bonds: list((uid) => (voters[uid] && chance(0.8) ? randomRow(random, size, density, true) : [])),
    emission: pick(random, [0n, 1n, 1_000_000_000n, 360_000_000_000n, 21_000_000_000_000_000n]),
  }
}

function randomLiquidAlpha(random: Random): EpochInput['liquidAlpha'] {
  const [a, b] = [below(random, U16 + 1), below(random, U16 + 1)]
  const ordered = random() < 0.9 ? [Math.min(a, b), Math.max(a, b)] : [a, b]
  return {
    alphaLow: ordered[0]!,
    alphaHigh: ordered[1]!,
    alphaSigmoidSteepness: pick(random, [1_000, 0, -1_000, 2_600, 32_767, -32_768, below(random, 4_000)]),
  }
}

function randomStakes(random: Random, voters: readonly boolean[]): bigint[] {
  const scale = random() < 0.03 ? 'none' : pick(random, ['equal', 'tiny', 'wide', 'huge'] as const)
  const draw = (): bigint => {
    if (scale === 'equal') return 1_000_000_000_000n
    if (scale === 'tiny') return BigInt(below(random, 5))
    // All of it adds up to less than all TAO that there will be.
    if (scale === 'huge') return BigInt(below(random, 2 ** 31)) * (10_000_000n / BigInt(voters.length))
    if (scale === 'wide') return BigInt(Math.floor(10 ** (random() * 15)))
    return 0n
  }
  return voters.map((votes) => (votes || random() < 0.2 ? draw() : 0n))
}

function randomRow(random: Random, size: number, density: number, isTidy: boolean): Row {
  const uids = Array.from({ length: size }, (_, uid) => uid).filter(() => random() < density)
  if (!isTidy && random() < 0.5) shuffle(random, uids)
  if (!isTidy && uids.length > 0 && random() < 0.1) uids.push(pick(random, uids))
  const isFlat = random() < 0.2
  return uids.map((uid) => [uid, isFlat ? U16 : pick(random, [0, 1, U16, below(random, U16 + 1)])])
}

function shuffle(random: Random, items: number[]): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(random, last + 1)
    ;[items[last], items[other]] = [items[other]!, items[last]!]
  }
}
