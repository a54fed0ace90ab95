import { ACCOMPLICE, type CliqueStrategy, type MinerRole, type Scenario } from '../../../demo/scenario.ts'

/** Of all miners: one model, so that who earns more earns it by conduct; the one that judges best, as pay for judging by chance drowns all else. */
const MODEL = 'base'

const HONEST = 6
const COLLUDING = 4

/** One validator, so that two cores bear ten miners, and all who don't answer judge; the exam is as long as a round. */
const COMMON = {
  validators: [{ name: 'validator-1', stake: 1_000n }],
  blockMs: 1_000,
  tempo: 20,
  round: {
    ...{ roundBlocks: 20, goldPerMiner: 8, maxChallenges: 64, maxJudges: 5 },
    ...{ commitMs: 60_000, judgeMs: 60_000, revealMs: 10_000 },
  },
  scoring: { examAnswers: 4, examRight: 0 },
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
