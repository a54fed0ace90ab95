import type { Engine, EngineOptions } from '../../../shared/inference/engine.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { calibrationOf, type SketchPair } from '../../../shared/proof/sketch/calibration.ts'
import { readCalibration, type StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'
import { type RoundConfig, roundConfigSchema } from '../../../validator/config.ts'
import type { Report } from '../suite.ts'
import type { Desk } from './audit-answers.ts'
import type { BenchClass } from './classes.ts'
import { makeOrders, type Order } from './orders.ts'
import type { AttackRow, PartResult } from './results.ts'
import type { SampleSizes } from './sample-sizes.ts'

/** What every part of the suite is given. */
export interface Context {
  readonly sizes: SampleSizes
  /** Of the declared model, one of ours. */
  readonly modelFolder: string
  /** Folders of other models of ours, which cheats serve instead, by name. */
  readonly otherModels: ReadonlyMap<string, string>
  readonly sessions: readonly ClassSession[]
  readonly seed: number
  readonly now: () => number
  readonly report: Report
}

export type Part = (context: Context) => Promise<PartResult>

/** A class in which the model is calibrated, while it is measured. */
export interface ClassSession {
  readonly class: BenchClass
  /** Engines of the validator, and of a miner that does what it declares; both in this class. */
  readonly verifier: Engine
  readonly honest: Engine
  readonly calibration: StoredCalibration
  readonly pair: SketchPair
}

/** Milliseconds that the bench gives an answer: it measures what is true of answers, not how busy the machine is. */
const PATIENCE = 600_000

/** How scored challenges are sampled here: at temperature 1 and from all tokens unless told. */
export function benchConfig(change: Partial<RoundConfig> = {}): RoundConfig {
  return roundConfigSchema.parse({ temperature: 1, commitMs: PATIENCE, ...change })
}

/** Runs `use` with a session for every class that the model is calibrated in, and ends their engines. */
export async function withSessions<T>(
  modelFolder: string,
  classes: readonly BenchClass[],
  use: (sessions: readonly ClassSession[]) => Promise<T>,
  sessions: readonly ClassSession[] = [],
): Promise<T> {
  const [cls, ...others] = classes
  if (cls === undefined) return use(sessions)
  const { precision } = cls
  return withEngine({ modelFolder, precision }, async (verifier) => {
    const { hash: model, executionClass } = verifier.model
    const calibration = await readCalibration(modelFolder, model)
    const pair = { prover: executionClass, verifier: executionClass, model }
    if (calibration === undefined || calibrationOf(calibration.calibration, pair) === undefined)
      return withSessions(modelFolder, others, use, sessions)
    return withEngine({ modelFolder, precision }, (honest) => {
      const session = { class: cls, verifier, honest, calibration, pair }
      return withSessions(modelFolder, others, use, [...sessions, session])
    })
  })
}

/** Rows of every class, one class after the other. */
export async function inEachClass(
  { sessions }: Context,
  use: (session: ClassSession) => Promise<readonly AttackRow[]>,
): Promise<AttackRow[]> {
  const rows: AttackRow[] = []
  for (const session of sessions) rows.push(...(await use(session)))
  return rows
}

/** Starts an engine of one thread, so that the one that answers and the one that audits share two cores, and ends it after `use`. */
export async function withEngine<T>(
  options: Omit<EngineOptions, 'threads'> & { readonly threads?: number },
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await startEngine({ threads: 1, ...options })
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}

export function deskOf({ verifier, calibration }: ClassSession, config: RoundConfig): Desk {
  return { verifier, calibration, config }
}

/** Challenges of their own for every part and attack, the same in every class. */
export function ordersFor(
  { seed }: Pick<Context, 'seed'>,
  { verifier }: ClassSession,
  { name, count, config }: { readonly name: string; readonly count: number; readonly config: RoundConfig },
): Order[] {
  return makeOrders(seedOf(seed, name), count, config, verifier.model.contextLength)
}

/** FNV-1a over the seed and a name. */
export function seedOf(seed: number, name: string): number {
  let hash = 0x811c9dc5
  for (const character of `${seed} ${name}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return hash
}
