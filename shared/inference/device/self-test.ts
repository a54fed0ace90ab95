import type { Architecture } from '../model/architecture.ts'
import { initialWeights } from '../model/initialize.ts'
import type { Weights } from '../model/weights.ts'
import { below, seededRandom } from '../random.ts'
import type { Runtime, Sequence } from '../runtime.ts'
import type { ProbeReport } from './probe-report.ts'

/** Every feature of the real models, and small enough that a software device takes seconds. */
export const PROBE_ARCHITECTURE: Architecture = {
  vocabularySize: 64,
  contextLength: 160,
  width: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  feedForward: 96,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
}

/** Logits of the probe's model reach about 5; wrong kernels are off by 0.1 and more, right ones by 10⁻⁵. */
export const LOGIT_TOLERANCE = 1e-3

/** One token, less than a sub-group, more than one, and more than a tile of common kernels. */
const LENGTHS = [1, 8, 40, 130]
const DECODE_STEPS = 6

export function probeWeights(): Weights {
  const weights = new Map(initialWeights(PROBE_ARCHITECTURE, 1))
  // Untrained logits lie close together; spread, they show an error as trained ones do.
  weights.set(
    'embedding',
    weights.get('embedding')!.map((value) => value * 10),
  )
  return weights
}

/** A wrong or missing number, and where it was seen. */
type Finding = { readonly error: number } | { readonly reason: string }

/**
 * Reads and decodes fixed tokens on a device and compares every logit with the CPU's: whole reads at several lengths, and
 * decode steps alone and at batch 3, with sequences of unequal length of which one leaves in between.
 */
export async function selfTest(device: Runtime, cpu: Runtime): Promise<Finding> {
  const random = seededRandom(7)
  const { vocabularySize } = cpu.shape
  const tokensOf = (length: number) => Array.from({ length }, () => below(random, vocabularySize))
  let worst = 0
  const compare = (truth: Float32Array, got: Float32Array, where: string): string | undefined => {
    const error = largestGap(truth, got)
    worst = Math.max(worst, error)
    if (error <= LOGIT_TOLERANCE) return undefined
    return Number.isFinite(error)
      ? `its logits differ from the CPU's by ${error.toPrecision(2)} ${where}`
      : `it gives logits that are not numbers ${where}`
  }
  for (const length of LENGTHS) {
    const tokens = tokensOf(length)
    const truth = await cpu.read([tokens], false)
    const got = await device.read([tokens], false)
    const reason = compare(truth.logits, got.logits, `reading ${length} tokens`)
    if (reason !== undefined) return { reason }
  }
  for (const lengths of [[20], [40, 3, 17]]) {
    const prompts = lengths.map(tokensOf)
    const answers = lengths.map(() => tokensOf(DECODE_STEPS))
    const truth = await decode(cpu, prompts, answers)
    const got = await decode(device, prompts, answers)
    for (const [step, rows] of truth.entries()) {
      const reason = compare(rows, got[step]!, `decoding ${lengths.length} sequences, at step ${step}`)
      if (reason !== undefined) return { reason }
    }
  }
  return { error: worst }
}

/** Logits after the prompts and at each step; the first sequence leaves half-way where there are others. */
async function decode(
  runtime: Runtime,
  prompts: readonly (readonly number[])[],
  answers: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const rows: Float32Array[] = []
  let open: { readonly sequence: Sequence; readonly answer: readonly number[] }[] = prompts.map((_, i) => ({
    sequence: runtime.open(),
    answer: answers[i]!,
  }))
  for (const [i, tokens] of prompts.entries()) {
    const { logits } = await runtime.extend([{ sequence: open[i]!.sequence, tokens }], false)
    rows.push(logits.slice())
  }
  for (let step = 0; step < DECODE_STEPS; step++) {
    if (step === DECODE_STEPS / 2 && open.length > 1) {
      runtime.release(open[0]!.sequence)
      open = open.slice(1)
    }
    const { logits } = await runtime.step(
      open.map(({ sequence }) => sequence),
      open.map(({ answer }) => answer[step]!),
      false,
    )
    rows.push(logits.slice())
  }
  for (const { sequence } of open) runtime.release(sequence)
  return rows
}

/** Largest absolute difference; NaN or Infinity where a number is missing. */
function largestGap(truth: Float32Array, got: Float32Array): number {
  if (truth.length !== got.length) return Number.NaN
  let gap = 0
  for (const [i, value] of truth.entries()) {
    const difference = Math.abs(value - got[i]!)
    if (!Number.isFinite(difference)) return difference
    gap = Math.max(gap, difference)
  }
  return gap
}

/** The finding and a measured speed as the parent is told them. */
export function reportOf(finding: Finding, speedup: number): ProbeReport {
  return 'reason' in finding
    ? { kind: 'failed', reason: finding.reason }
    : { kind: 'passed', error: finding.error, speedup }
}
