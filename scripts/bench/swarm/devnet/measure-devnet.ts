import type { CliqueStrategy } from '../../../demo/scenario.ts'
import type { Bar } from '../../suite.ts'
import type { SwarmPart } from '../part.ts'
import { type Played, type PlayedMiner, play } from './play.ts'
import { cliqueScenario, isSharing, sharedScenario } from './scenarios.ts'

const STRATEGIES: readonly CliqueStrategy[] = ['always', 'doubtful']
const PAID_EPOCHS = 3
/** Of an honest miner's pay. */
const MOST = 1.05

/**
 * What cliques and shared generations earn through real processes: a chain, a validator and miners, each a program of its own. Blocks
 * come by the clock, so that no two runs have the same figures, whatever the seed.
 */
export const measureDevnet: SwarmPart = async ({ quick, seed, report }) => {
  const epochs = quick ? 1 : PAID_EPOCHS
  const strategies = quick ? STRATEGIES.slice(0, 1) : STRATEGIES
  const total = strategies.length + 1
  const say = (done: number) => (line: string) => report(`scenarios on a devnet: ${line}`, done, total)
  const cliques = []
  for (const [done, strategy] of strategies.entries()) {
    const played = await play(cliqueScenario(strategy, epochs), seed, say(done))
    cliques.push({ strategy, ...played, ...cliqueShares(played) })
  }
  const played = await play(sharedScenario(epochs), seed, say(total - 1))
  const shared = { ...played, together: togetherShare(played) }
  return { facts: { cliques, shared }, bars: [cliqueBar(cliques), sharedBar(shared, epochs)] }
}

interface CliqueShares {
  /** Emission, score and incentive of a member over those of an honest miner, both means. */
  readonly emission: number
  readonly score: number
  readonly incentive: number
  /** Emission of the best-paid member over the honest mean. */
  readonly best: number
  readonly silenced: number
}

function cliqueShares({ miners }: Played): CliqueShares {
  const [members, honest] = split(miners, ({ behaviour }) => behaviour === 'colluding')
  const share = (key: 'emission' | 'score' | 'incentive') =>
    mean(members.map((miner) => miner[key])) / mean(honest.map((miner) => miner[key]))
  const best = Math.max(...members.map(({ emission }) => emission))
  return {
    ...{ emission: share('emission'), score: share('score'), incentive: share('incentive') },
    best: best / mean(honest.map(({ emission }) => emission)),
    silenced: members.filter(({ silenced }) => silenced).length,
  }
}

/** What all hotkeys on one generation earn together, over one honest miner. */
function togetherShare({ miners }: Played): number {
  const [sharing, honest] = split(miners, isSharing)
  return sum(sharing.map(({ emission }) => emission)) / mean(honest.map(({ emission }) => emission))
}

function cliqueBar(cliques: readonly (CliqueShares & Played & { readonly strategy: string })[]): Bar {
  const worst = cliques.reduce((most, one) => (one.emission > most.emission ? one : most))
  const told = cliques.map(
    ({ strategy, emission, best, silenced }) =>
      `${strategy} ${emission.toFixed(3)}, best member ${best.toFixed(3)}, ${silenced} of 4 silenced`,
  )
  return {
    name: 'devnet.clique',
    value: worst.emission,
    unit: 'of honest pay a head',
    floor: MOST,
    note: `4 of 10 miners, ${worst.paidEpochs} paid epochs; ${told.join('; ')}`,
  }
}

function sharedBar({ together, miners }: Played & { readonly together: number }, epochs: number): Bar {
  const rejected = sum(miners.map((miner) => miner.rejected))
  return {
    name: 'devnet.shared',
    value: together,
    unit: 'miners’ pay',
    floor: MOST,
    note: `4 hotkeys on one generation, ${epochs} paid epochs, ${rejected} answers rejected`,
  }
}

function split(
  miners: readonly PlayedMiner[],
  isOne: (miner: PlayedMiner) => boolean,
): [PlayedMiner[], PlayedMiner[]] {
  return [miners.filter(isOne), miners.filter((miner) => !isOne(miner))]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}
