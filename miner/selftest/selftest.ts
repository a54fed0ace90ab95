import type { VerificationLevel } from '../../shared/inference/engine.ts'
import { type DeclaredModel, declaredLevel, type Registry } from '../../shared/inference/registry/registry.ts'
import { describeError, StarlingError } from '../../shared/process/errors.ts'
import type { StoredCalibration } from '../../shared/proof/sketch/read-calibration.ts'
import type { Judge } from '../../shared/protocol/messages.ts'
import { SKETCH_LEVEL } from '../../shared/verify/sketches.ts'
import { type CheckLine, holds } from '../check-line.ts'
import { judgeFor } from '../judging.ts'
import type { MinerBackend } from '../start-backend.ts'
import { answerLines, levelLine } from './lines.ts'
import { type TryParts, tryAnswers } from './try-answers.ts'

export interface SelftestParts extends Omit<TryParts, 'level' | 'calibration'> {
  readonly registry: Registry
  /** What stands beside the model. @throws StarlingError where it is damaged, or not the registry's */
  readonly calibrationFor: (declared: DeclaredModel) => Promise<StoredCalibration | undefined>
  readonly answers: number
}

export interface Selftest {
  readonly model: string
  readonly executionClass: string
  /** At which its answers count; undefined where the registry does not hold it. */
  readonly level: VerificationLevel | undefined
  readonly checks: readonly CheckLine[]
  /** Whether a validator would pay for it. */
  readonly ok: boolean
}

/**
 * Does to a miner what a validator does: asks it for answers, opens its commits, replays its tokens, compares its hidden states.
 * Needs no chain and no key of the operator's.
 */
export async function selftest(parts: SelftestParts): Promise<Selftest> {
  const { backend, registry } = parts
  const { name: model, hash, executionClass } = backend.model
  const shown = { model: `${model} ${hash}`, executionClass }
  let granted: VerificationLevel
  try {
    granted = declaredLevel(registry, hash, executionClass)
  } catch (error) {
    if (!(error instanceof StarlingError)) throw error
    const line: CheckLine = { name: 'registry', verdict: 'fail', detail: describeError(error) }
    return { ...shown, level: undefined, checks: [line], ok: false }
  }
  const level = granted < backend.model.level ? granted : backend.model.level
  const declared: CheckLine = { name: 'registry', verdict: 'pass', detail: `holds ${model}, ${hash}` }
  const before = [declared, levelLine(backend.model, level)]
  const { calibration, line } = await calibrationOf(parts, level)
  if (line !== undefined) before.push(line)
  if (line?.verdict === 'fail') return { ...shown, level, checks: before, ok: false }
  const { tried, failures, seconds } = await tryAnswers({ ...parts, level, calibration }, parts.answers)
  const checks = [...before, ...answerLines(tried, failures, seconds), await judgingLine(backend)]
  return { ...shown, level, checks, ok: holds(checks) }
}

/** The calibration that hidden states are proved by, where the level asks for it. */
async function calibrationOf(
  { backend, registry, calibrationFor }: SelftestParts,
  level: VerificationLevel,
): Promise<{ calibration: StoredCalibration | undefined; line?: CheckLine }> {
  const name = 'calibration'
  if (level < SKETCH_LEVEL) return { calibration: undefined }
  const fail = (detail: string) => ({
    calibration: undefined,
    line: { name, verdict: 'fail', detail } as const,
  })
  try {
    const declared = registry.models.find(({ hash }) => hash === backend.model.hash)!
    const calibration = await calibrationFor(declared)
    if (calibration === undefined)
      return fail('none beside the model: restore the calibration folder that comes with it')
    const { sha256 } = calibration.calibration.whitening
    return { calibration, line: { name, verdict: 'pass', detail: `whitening ${sha256.slice(0, 16)}…` } }
  } catch (error) {
    if (error instanceof StarlingError) return fail(describeError(error))
    throw error
  }
}

/** Judging is a fifth of the pay; whoever can't is not asked twice, and loses nothing else. */
async function judgingLine(backend: MinerBackend): Promise<CheckLine> {
  const name = 'judging'
  const request: Judge = {
    ...{ type: 'judge', id: new Uint8Array(32), round: 0, prompt: 'Now add 17 and 25.' },
    ...{
      answers: ['answer: 42', 'answer: 43'],
      method: 'prompted',
      temperature: 0.3,
      maxTokens: 100,
      deadlineMs: 60_000,
    },
  }
  try {
    await judgeFor(backend, new Uint8Array(32))(request)
    return { name, verdict: 'pass', detail: 'by reading pairs of answers, in verdicts that can be replayed' }
  } catch (error) {
    const detail = `${describeError(error)}: the fifth of the pay that judging makes is not earned`
    return { name, verdict: 'open', detail }
  }
}
