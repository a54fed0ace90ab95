import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../../shared/process/clock.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { scoringConfigSchema } from '../../../../validator/scoring/config.ts'
import type { JudgeOutcome } from '../../../../validator/scoring/outcome.ts'
import { isSilenced } from '../../../../validator/scoring/verdict-strikes.ts'
import { readScores } from '../../../../validator/store/score-store.ts'
import type { MinerFacts } from '../../../demo/facts.ts'
import { logFolder, stateFolder } from '../../../demo/participants.ts'
import { runDemo } from '../../../demo/run-demo.ts'
import type { Scenario } from '../../../demo/scenario.ts'

/** Seconds on two cores, and some more for a busy machine. */
const DEADLINE_SECONDS = 420

/** What a run shows of one miner. */
export interface PlayedMiner
  extends Pick<
    MinerFacts,
    'name' | 'behaviour' | 'accepted' | 'rejected' | 'missed' | 'score' | 'incentive'
  > {
  /** Rao over all epochs. */
  readonly emission: number
  /** Unequal gold pairs judged rightly and wrongly. */
  readonly goldRight: number
  readonly goldWrong: number
  /** Verdicts, those of them that the validator computed again, and those that its model does not give. */
  readonly verdicts: number
  readonly replayed: number
  readonly mismatched: number
  /** Whether its verdicts count for nothing at the end. */
  readonly silenced: boolean
}

export interface Played {
  readonly seconds: number
  readonly paidEpochs: number
  readonly rounds: number
  readonly challenges: number
  readonly miners: readonly PlayedMiner[]
}

/**
 * Plays a scenario with real processes on a chain of its own.
 * @throws StarlingError DEMO_…; BENCH_EPOCHS when time is up. Folder and logs stay then.
 */
export async function play(scenario: Scenario, seed: number, say: (line: string) => void): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'starling-swarm-'))
  const stop = new AbortController()
  const abort = () => stop.abort(new StarlingError('BENCH_STOPPED', 'stopped before the scenario was over'))
  process.once('SIGINT', abort)
  process.once('SIGTERM', abort)
  try {
    const played = await playIn(folder, scenario, seed, { say, signal: stop.signal })
    rmSync(folder, { recursive: true, force: true })
    return played
  } catch (error) {
    say(`logs are in ${logFolder({ folder })}`)
    throw error
  } finally {
    process.off('SIGINT', abort)
    process.off('SIGTERM', abort)
  }
}

async function playIn(
  folder: string,
  scenario: Scenario,
  seed: number,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<Played> {
  const { facts, journals } = await runDemo({
    ...{ scenario, folder, seed, signal, clock: systemClock, deadlineSeconds: DEADLINE_SECONDS },
    screen: { say, table: () => {} },
  })
  const { epochs } = facts.chain
  if (epochs < scenario.paidEpochs)
    throw new StarlingError(
      'BENCH_EPOCHS',
      `${epochs} of ${scenario.paidEpochs} epochs paid in ${DEADLINE_SECONDS} s`,
    )
  const rounds = journals.flatMap((journal) => journal.rounds)
  const judges = rounds.flatMap(({ outcome }) => outcome.judges)
  const silenced = silencedIn(folder, scenario)
  return {
    seconds: facts.seconds,
    paidEpochs: epochs,
    rounds: rounds.length,
    challenges: rounds.reduce((sum, { challenges }) => sum + challenges, 0),
    miners: facts.miners.map((miner) => playedMiner(miner, judges, silenced)),
  }
}

function playedMiner(
  { name, behaviour, hotkey, accepted, rejected, missed, score, incentive, emissionRao }: MinerFacts,
  judges: readonly JudgeOutcome[],
  silenced: ReadonlySet<string>,
): PlayedMiner {
  const own = judges.filter((judge) => judge.hotkey === hotkey)
  const count = (of: (judge: JudgeOutcome) => number | undefined) =>
    own.reduce((sum, judge) => sum + (of(judge) ?? 0), 0)
  return {
    ...{ name, behaviour, accepted, rejected, missed, score, incentive },
    emission: Number(emissionRao),
    goldRight: count(({ goldRight }) => goldRight),
    goldWrong: count(({ goldWrong }) => goldWrong),
    verdicts: count(({ checks }) => checks?.verdicts),
    replayed: count(({ checks }) => checks?.replayed),
    mismatched: count(({ checks }) => checks?.mismatched),
    silenced: silenced.has(hotkey),
  }
}

/** Hotkeys that any of the validators silences. */
function silencedIn(folder: string, { validators, scoring = {} }: Scenario): Set<string> {
  const config = scoringConfigSchema.parse(scoring)
  const books = validators.map(({ name }) => readScores(stateFolder({ folder }, name), config).book)
  return new Set(
    books.flatMap(({ miners }) =>
      Object.entries(miners).flatMap(([hotkey, record]) =>
        isSilenced(record, undefined, config) ? [hotkey] : [],
      ),
    ),
  )
}
