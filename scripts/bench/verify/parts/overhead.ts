import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, GenerateRequest, Generation } from '../../../../shared/inference/engine.ts'
import { loadModel } from '../../../../shared/inference/model/folder.ts'
import { type Random, seededRandom } from '../../../../shared/inference/random.ts'
import { answerRoot, committedRoot, sketchRoot } from '../../../../shared/proof/answer-root.ts'
import { auditedShare } from '../../../../shared/proof/evidence/economics.ts'
import { sketchMatrix } from '../../../../shared/proof/sketch/matrix.ts'
import { readCalibration } from '../../../../shared/proof/sketch/read-calibration.ts'
import type { Whitening } from '../../../../shared/proof/sketch/whitening.ts'
import { drawRequest } from '../../engine/requests.ts'
import { saveEndlessModel } from '../../engine/speed-model.ts'
import { median } from '../../timing.ts'
import { type Context, withEngine } from '../context.ts'
import { bytes32 } from '../orders.ts'
import type { PartResult } from '../results.ts'
import { TRAFFIC } from './bytes.ts'

const BATCHES = [1, 16]
const THREADS = 2
const TOLERANCE = 1e-4
/** Rows that a beacon opens of an answer. */
const OPENED_ROWS = [0, 1, 2, 3, 8, 9, 10, 11]

/** Of one batch size and length, in milliseconds a turn. */
interface Turns {
  readonly plain: readonly number[]
  readonly proving: readonly number[]
  readonly auditing: readonly number[]
}

export interface OverheadRow {
  readonly batch: number
  readonly answerTokens: number
  /** ρ: one audit over generating the answer, both at this batch. */
  readonly prefillShare: number
  /** ρ·(m·p + s)/(m + s). */
  readonly validator: number
  /** What sketches, trees and commits add to generating. */
  readonly miner: number
}

/**
 * What proving adds to a miner's work, and auditing to a validator's: answers of one length are written without and with sketches,
 * and audited, in turns, by an engine that has the cores to itself. On weights whose answers do not end by themselves.
 */
export async function measureOverhead(context: Context): Promise<PartResult> {
  const { modelFolder, sizes, seed } = context
  const { manifest } = await loadModel(modelFolder)
  const { architecture, name, hash } = manifest
  const calibration = await readCalibration(modelFolder, hash)
  if (calibration === undefined) return { rows: [] }
  const scratch = await mkdtemp(join(tmpdir(), 'starling-bench-verify-'))
  try {
    await saveEndlessModel(scratch, name, architecture, seed)
    const options = { modelFolder: scratch, threads: THREADS, dedicated: true }
    const measured = await withEngine(options, async (engine) => {
      const all: { readonly row: OverheadRow; readonly turns: Turns }[] = []
      for (const batch of BATCHES) {
        for (const answerTokens of sizes.overhead.answerTokens) {
          context.report('overhead', all.length, BATCHES.length * sizes.overhead.answerTokens.length)
          const turns = await takeTurns(context, engine, calibration.whitening, { batch, answerTokens })
          all.push({ row: overheadOf(turns, { batch, answerTokens }), turns })
        }
      }
      return all
    })
    return {
      rows: [],
      timings: {
        traffic: TRAFFIC,
        overhead: measured.map(({ row }) => row),
        turns: measured.map(({ turns }) => turns),
      },
    }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

function overheadOf(turns: Turns, size: Pick<OverheadRow, 'batch' | 'answerTokens'>): OverheadRow {
  const prefillShare = median(turns.auditing.map((ms, turn) => ms / turns.plain[turn]!))
  return {
    ...size,
    prefillShare,
    validator: prefillShare * auditedShare(TRAFFIC),
    miner: median(turns.proving.map((ms, turn) => ms / turns.plain[turn]!)) - 1,
  }
}

async function takeTurns(
  { sizes, seed, now }: Context,
  engine: Engine,
  whitening: Whitening,
  { batch, answerTokens }: Pick<OverheadRow, 'batch' | 'answerTokens'>,
): Promise<Turns> {
  const random = seededRandom(seed)
  const turns = { plain: [] as number[], proving: [] as number[], auditing: [] as number[] }
  // The first turn does not count.
  for (let turn = -1; turn < sizes.overhead.turns; turn++) {
    const requests = Array.from({ length: batch }, () => drawRequest(random, 64, answerTokens))
    const timed = async <T>(work: () => Promise<T>) => {
      const began = now()
      const result = await work()
      return { ms: now() - began, result }
    }
    const kinds = [
      () => timed(() => write(engine, requests)),
      () => timed(() => prove(engine, requests, whitening, random)),
    ]
    // Whatever the machine does meanwhile shall not meet the same kind every time.
    const [first, second] = turn % 2 === 0 ? kinds : kinds.toReversed()
    const both = [await first!(), await second!()]
    const [plain, proving] = turn % 2 === 0 ? both : both.toReversed()
    const auditing = await timed(() => audit(engine, requests, plain!.result, whitening, random))
    if (turn < 0) continue
    turns.plain.push(plain!.ms)
    turns.proving.push(proving!.ms)
    turns.auditing.push(auditing.ms)
  }
  return turns
}

/** Without hidden states: the commit is to tokens alone. */
async function write(engine: Engine, requests: readonly GenerateRequest[]): Promise<Generation[]> {
  return Promise.all(
    requests.map(async (request) => {
      const generation = await engine.generate(request)
      answerRoot(generation.tokens)
      return generation
    }),
  )
}

async function prove(
  engine: Engine,
  requests: readonly GenerateRequest[],
  whitening: Whitening,
  random: Random,
): Promise<Generation[]> {
  return Promise.all(
    requests.map(async (request) => {
      const projection = sketchMatrix(bytes32(random), whitening)
      const generation = await engine.generate({ ...request, projection })
      committedRoot(generation.tokens, sketchRoot(generation.tokens, generation.projected!))
      return generation
    }),
  )
}

async function audit(
  engine: Engine,
  requests: readonly GenerateRequest[],
  answers: readonly Generation[],
  whitening: Whitening,
  random: Random,
): Promise<void> {
  await Promise.all(
    requests.map(({ promptTokens, sampling, seed }, place) => {
      const matrix = sketchMatrix(bytes32(random), whitening)
      const { tokens } = answers[place]!
      const projectionAt = { matrix, positions: OPENED_ROWS }
      return engine.replay({ promptTokens, tokens, sampling, seed, tolerance: TOLERANCE, projectionAt })
    }),
  )
}
