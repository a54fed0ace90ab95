import {
  blockCount,
  type Plan,
  positionsOf,
  type Step,
  stepName,
  tileWidths,
} from '../inference/reference/plan.ts'
import { replayToken } from '../inference/sampler.ts'
import { personalSeed } from '../proof/challenge-id.ts'
import { type AuditDecision, decideReplay, FP32_MARGIN } from '../proof/decision.ts'
import type { DisputeCase, LogitsReply } from '../protocol/dispute-messages.ts'
import { disputedRow } from './case.ts'
import { checkTiles } from './opened-inputs.ts'
import type { Statement } from './statement.ts'
import { traceTree } from './tree.ts'

/** What a trace says of the token in dispute. */
export interface AnswerRuling extends AuditDecision {
  /** Logits by which the token lies below the one that the trace chooses. */
  readonly margin: number
}

/** The tiles that hold the logits of a chunk. */
export function logitsSteps(plan: Plan, chunk: number): Step[] {
  const block = blockCount(plan) - 1
  return tileWidths(plan, chunk, 'logits').map((_, tile) => ({ chunk, block, operator: 'logits', tile }))
}

/** The chunk in which the token in dispute was chosen. */
export function disputedChunk(dispute: DisputeCase, { layout }: Plan): number {
  return Math.floor(disputedRow(dispute) / layout.positionsPerChunk)
}

/**
 * Decides on the answer by one row of the trace under `root`: would these logits and the miner's seed have chosen the token?
 * It takes the sampler alone, no model.
 * @returns what is wrong with the opening in place of a ruling, where it is not of that trace
 */
export function judgeAnswer(
  dispute: DisputeCase,
  statement: Statement,
  root: Uint8Array,
  opened: LogitsReply,
): AnswerRuling | { readonly fault: string } {
  const { plan } = statement
  const chunk = disputedChunk(dispute, plan)
  const steps = logitsSteps(plan, chunk)
  const checked = checkTiles(statement, traceTree(plan), root, steps, opened)
  if ('fault' in checked) return checked
  const row = disputedRow(dispute) - positionsOf(plan, chunk).first
  const logits = steps.flatMap((step, tile) => {
    const width = tileWidths(plan, chunk, 'logits')[tile]!
    return [...checked.tiles.get(stepName(step))!.subarray(row * width, (row + 1) * width)]
  })
  // Replaying what is not a number would accept anything; a model of finite weights has none.
  if (logits.some(Number.isNaN)) return { fault: 'has no number among the logits' }
  const { position, sampling, challenge, defender, tokens } = dispute
  const seed = personalSeed(challenge, defender)
  const token = tokens[position]!
  const { margin } = replayToken(Float32Array.from(logits), token, sampling, seed, position, FP32_MARGIN)
  const { verdict } = decideReplay([margin], FP32_MARGIN)
  const reason = `token ${position} lies ${margin.toPrecision(3)} below the choice of the trace`
  return { verdict, margin, reason: verdict === 'accept' ? '' : reason }
}
