import { publicKeyOf } from '../../shared/chain/wallet/signer.ts'
import { describeError } from '../../shared/process/errors.ts'
import { fromHex } from '../../shared/proof/hash.ts'
import { roundConfigSchema } from '../config.ts'
import { scoringConfigSchema } from '../scoring/config.ts'
import type { Seal } from '../transcript/records.ts'
import { type CheckedSeal, checkSeal } from './check-seal.ts'
import { commitFaults, type FileAnswer, readAnswers } from './checks/answers.ts'
import { auditFaults } from './checks/audit-again.ts'
import { readBlocks } from './checks/blocks.ts'
import { anchorFaults, beaconFaults } from './checks/chain.ts'
import { continuityFaults, isConfigNew } from './checks/continuity.ts'
import { judgingFaults } from './checks/judge-again.ts'
import { drawAgain, readCandidates } from './checks/participants.ts'
import { controlFaults, planAgain } from './checks/plan.ts'
import { settlementChecks } from './checks/settlement.ts'
import { hashFaults, hashFaultsByModel } from './checks/similarity.ts'
import { type FileVerdict, readVerdicts } from './checks/verdicts.ts'
import type { AuditModels } from './models.ts'
import { type RoundFile, readRound } from './read-round.ts'
import { type AuditReport, type Check, checked, type Fault, skipped } from './report.ts'
import { faultOf } from './same.ts'
import { UNPROVEN } from './unproven.ts'

/** A round whose records were read, for whoever checks more of it. */
export interface AuditedFile {
  readonly file: RoundFile
  /** Root over its lines, 32 bytes. */
  readonly seal: Uint8Array
  /** In the order of the file; what the validator said of each stands in `audited`. */
  readonly answers: readonly FileAnswer[]
  /** What was found before. */
  readonly checks: readonly Check[]
}

/** A check beyond those that every audit makes, such as of answers that somebody planted. */
export type ExtraCheck = (audited: AuditedFile) => Check | Promise<Check>

export interface AuditOptions {
  /** Starts what the answers are read with; undefined to leave them unread. */
  readonly models?: ((file: RoundFile) => Promise<AuditModels>) | undefined
  readonly extra?: readonly ExtraCheck[]
}

/**
 * Goes through a published round again, from its bytes alone: that they are what the validator sealed, and that everything in
 * them follows from the round's block, the validator's key, the miners' signatures and the models. Where a
 * check fails, those that build on it are skipped.
 */
export async function auditFile(bytes: Uint8Array, options: AuditOptions): Promise<AuditReport> {
  const sealed = checkSeal(bytes)
  const seal = sealCheck(sealed)
  const claimed = sealed.seal && { round: sealed.seal.round, validator: sealed.seal.validator }
  const ended = (checks: readonly Check[]): AuditReport => ({ ...claimed, checks, notes: [], unproven: [] })
  if (seal.status === 'failed') return ended([seal, skipped('records', 'the file is not what was sealed')])
  const read = readRound(sealed.lines)
  const records = `${sealed.lines.length} records of ${bytes.length} bytes, each of its schema and in its place`
  if ('faults' in read) return ended([seal, checked('records', records, read.faults)])
  const { file } = read
  const checks = [seal, checked('records', records, ownerFaults(file, sealed.seal!))]
  checks.push(...(await roundChecks(file, sealed.seal!.root, options)))
  return { ...claimed, checks, notes: notesOn(file), unproven: UNPROVEN }
}

function sealCheck({ lines, faults }: CheckedSeal): Check {
  const places = faults.map(({ line, why }): Fault => ({ line: line.number, why }))
  return checked('seal', `${lines.length} lines under the root that the validator signed`, places)
}

/** The seal is that of this round and validator. */
function ownerFaults({ round }: RoundFile, seal: Seal): Fault[] {
  const { validator, round: number } = round.record
  return [
    ...(publicKeyOf(validator) === undefined ? [faultOf(round, 'is no hotkey', 'validator')] : []),
    ...(seal.validator === validator ? [] : [faultOf(round, `is sealed by ${seal.validator}`, 'validator')]),
    ...(seal.round === number ? [] : [faultOf(round, `is sealed as round ${seal.round}`, 'round')]),
  ]
}

async function roundChecks(file: RoundFile, seal: Uint8Array, options: AuditOptions): Promise<Check[]> {
  const validator = publicKeyOf(file.round.record.validator)
  if (validator === undefined) return []
  const { blocks, faults: blockFaults } = readBlocks(file)
  const { candidates, faults: participantFaults } = readCandidates(file)
  const checks = [
    checked('headers', `${blocks.length} blocks, each the parent of the next`, blockFaults),
    checked('continuity', previousDetail(file), continuityFaults(file)),
    checked('participants', `${candidates.length} miners, registered as they say`, participantFaults),
  ]
  const opened = blocks[0]
  if (opened === undefined || participantFaults.length > 0)
    return [...checks, skipped('challenges', 'they follow from block and participants')]

  const { participants, faults: drawFaults } = drawAgain(file, fromHex(opened.hash), candidates)
  checks.push(checked('draw', `${participants.length} of them take part`, drawFaults))
  if (drawFaults.length > 0) return [...checks, skipped('challenges', 'they follow from who takes part')]

  const { challenges, faults: planFaults } = planAgain(file, validator, opened.hash, participants)
  const lots = [...planFaults, ...controlFaults(file, fromHex(opened.hash))]
  checks.push(checked('challenges', `ids, lots, prompts, gold and roles of ${challenges.length}`, lots))
  const { answers, faults: answerFaults } = readAnswers(file, challenges)
  checks.push(checked('answers', `one of each answerer, ${answers.length} in all`, answerFaults))
  if (planFaults.length > 0 || answerFaults.length > 0)
    return [...checks, skipped('commits', 'the answers are not those of this round')]

  const hashed = answers.filter(({ audited }) => audited.simhash !== undefined).length
  const signed = answers.filter(({ attempt }) => 'commit' in attempt).length
  checks.push(
    checked('commits', `${signed} signed, and their root`, commitFaults(answers, file)),
    checked('anchor', `in block ${file.anchor.record.block}`, anchorFaults(file, blocks, validator)),
    checked('beacon', `drawn from block ${file.beacon.record.block}`, beaconFaults(file, blocks)),
    checked('hashes', `${hashed} answers hashed, and equal ones alike`, hashFaults(file, answers)),
  )
  const { verdicts, faults: verdictFaults } = readVerdicts(file, answers, validator)
  const fields = verdicts.map(({ field }) => field)
  checks.push(
    ...(await modelChecks(file, answers, verdictFaults.length > 0 ? [] : verdicts, validator, options)),
    checked('verdicts', `${fields.length} commits, signed, opened and drawn for replay`, verdictFaults),
  )
  if (verdictFaults.length > 0) checks.push(skipped('settlement', 'the verdicts are not those of this round'))
  else checks.push(...settleAgain(file, participants, answers, fields))
  for (const check of options.extra ?? []) checks.push(await check({ file, seal, answers, checks }))
  return checks
}

/** Scoring refuses a book or an outcome that can't be: then that is the fault. */
function settleAgain(...round: Parameters<typeof settlementChecks>): Check[] {
  try {
    return settlementChecks(...round)
  } catch (error) {
    return [checked('settlement', 'the round settled again', [{ why: describeError(error) }])]
  }
}

/** Answers and verdicts, read again with the models; or only what of them needs none. */
async function modelChecks(
  file: RoundFile,
  answers: readonly FileAnswer[],
  verdicts: readonly FileVerdict[],
  validator: Uint8Array,
  { models }: AuditOptions,
): Promise<Check[]> {
  const revealed = answers.filter(({ attempt }) => attempt.result === 'revealed').length
  if (models === undefined) {
    const none = { engines: [], calibrations: new Map() }
    const faults = await auditFaults(file, answers, validator, none)
    return [
      checked('openings', `${revealed} reveals open their commits`, faults),
      skipped(
        'audit',
        'no model was run (--no-models): tokens, hidden states and what verdicts say are the validator’s word',
      ),
    ]
  }
  const started = await models(file)
  try {
    const faults = await auditFaults(file, answers, validator, started)
    return [
      checked('models', `${started.engines.length} computed here as the file says`, started.faults),
      checked('audit', `${revealed} answers opened, replayed and compared again`, faults),
      started.hasher === undefined
        ? skipped('similarity', 'no model of the file hashes answers, or not by the calibration here')
        : checked(
            'similarity',
            'every hash made again, within a few bits',
            await hashFaultsByModel(answers, started.hasher),
          ),
      checked(
        'judging',
        `${verdicts.length} fields of verdicts read again, and their replays replayed`,
        await judgingFaults(file, verdicts, validator, started),
      ),
    ]
  } finally {
    await Promise.all(started.engines.map((engine) => engine.close()))
  }
}

function previousDetail({ previous: { record } }: RoundFile): string {
  return record.previous === null
    ? 'the first round: its book is empty'
    : `the book is the one that round ${record.previous.round} ended with`
}

/** Numbers that are not the defaults, and what else a reader should know. */
function notesOn(file: RoundFile): string[] {
  const { config } = file.round.record
  const defaults = { round: roundConfigSchema.parse({}), scoring: scoringConfigSchema.parse({}) }
  const changed = (['round', 'scoring'] as const).flatMap((part) =>
    Object.entries(config[part]).flatMap(([key, value]) => {
      const usual = (defaults[part] as Record<string, unknown>)[key]
      return value === usual ? [] : [`${part}.${key} ${String(value)} (${String(usual)})`]
    }),
  )
  return [
    ...file.model.map(
      ({ record }) => `${record.name} in ${record.executionClass} counts at level ${record.level}`,
    ),
    ...(changed.length === 0 ? [] : [`numbers that differ from the defaults: ${changed.join(', ')}`]),
    ...(isConfigNew(file) ? ['the round before was played by other numbers'] : []),
    ...(file.controls.record.passed ? [] : ['the validator’s own controls failed: penalties pause']),
  ]
}
