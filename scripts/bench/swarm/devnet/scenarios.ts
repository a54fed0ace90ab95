import { ACCOMPLICE, type CliqueStrategy, type MinerRole, type Scenario } from '../../../demo/scenario.ts'

/**
 * Of all miners: one model, so that who earns more earns it by conduct. Able enough to judge, and wrong often enough that there is something to
 * judge: `base` is so seldom that few of its verdicts are ever asked for.
 */
const MODEL = 'small'

const HONEST = 6
const COLLUDING = 4

/**
 * One validator, so that two cores bear ten miners, and all who don't answer judge. Rounds are large: two false verdicts of a liar are
 * replayed in its first or second, and who is asked for fewer than 32 verdicts in it is paid later by luck alone.
 */
const COMMON = {
  validators: [{ name: 'validator-1', stake: 1_000n }],
  blockMs: 1_000,
  tempo: 20,
  round: {
    ...{ roundBlocks: 10, goldPerMiner: 16, maxChallenges: 128, maxJudges: 5 },
    ...{ commitMs: 60_000, judgeMs: 60_000, revealMs: 10_000 },
  },
} as const

/** Four of ten miners of one model are a clique: they answer honestly, know each other's answers, and judge for them. */
export function cliqueScenario(clique: CliqueStrategy, paidEpochs: number): Scenario {
  const colluding = named('colluding', COLLUDING).map((role): MinerRole => ({ ...role, clique }))
  return { ...COMMON, miners: [...named('honest', HONEST), ...colluding], paidEpochs }
}

/** One miner computes, and three hotkeys, each of a coldkey of its own, send what it sells them. */
export function sharedScenario(paidEpochs: number): Scenario {
  return { ...COMMON, miners: [...named('honest', 4), ...named('copycat', 3)], paidEpochs }
}

/** Of `sharedScenario`: all that live of one generation. */
export const isSharing = ({ name, behaviour }: { name: string; behaviour: string }): boolean =>
  name === ACCOMPLICE || behaviour === 'copycat'

function named(behaviour: 'honest' | 'colluding' | 'copycat', count: number): MinerRole[] {
  return Array.from({ length: count }, (_, i) => {
    return { name: `${behaviour}-${i + 1}`, behaviour, declares: MODEL, runs: MODEL }
  })
}
