import type { Engine } from '../../../../shared/inference/engine.ts'
import { loadModel } from '../../../../shared/inference/model/folder.ts'
import { seededRandom } from '../../../../shared/inference/random.ts'
import { leafCount } from '../../../../shared/proof/answer-root.ts'
import { sketchMatrix } from '../../../../shared/proof/sketch/matrix.ts'
import { sketchRows } from '../../../../shared/proof/sketch/sketch.ts'
import { type ChunkErrors, excessOf, REFERENCE_THRESHOLDS } from '../../../../shared/proof/toploc/chunk.ts'
import { checkAnswer, proveAnswer } from '../../../../shared/proof/toploc/hidden-chunks.ts'
import { type AnswerRows, answerAll } from '../../../calibrate/measure.ts'
import {
  editedQuestion,
  honestQuestion,
  makeConversations,
  type Question,
} from '../../../calibrate/questions.ts'
import { roundWeights } from '../../../calibrate/rounding.ts'
import { withAltered } from '../cheats/models.ts'
import { type ClassSession, type Context, inEachClass, seedOf, withEngine } from '../context.ts'
import { decideOpened } from '../open-sketches.ts'
import type { AttackRow, PartResult } from '../results.ts'
import { reasonsOf, tally } from '../trial.ts'

/** Tokens of an answer, at most: three chunks of TOPLOC's. */
const TOKENS = 96

/** One kind of answers before both proofs, over the same hidden states. */
export interface ToplocRow {
  readonly class: string
  readonly attack: string
  readonly answers: number
  /** Accepted by TOPLOC with its authors' thresholds, over every chunk; and of single chunks. */
  readonly toplocPassed: number
  readonly chunks: number
  readonly chunksPassed: number
  /** Largest and smallest mean error of a mantissa over chunks whose exponents match at all. */
  readonly mantissaMean: { readonly smallest: number; readonly largest: number }
  readonly exponentMismatches: { readonly smallest: number; readonly largest: number }
  /** Accepted by sketches at eight rows that a fresh beacon asked for. */
  readonly sketchesPassed: number
  /** Bytes of proof an answer: TOPLOC's of all chunks; of a sketched answer what the beacon opens, paths included. */
  readonly toplocBytes: number
  readonly sketchBytes: number
}

/** Both proofs on the same rows: honest ones, rounded ones, of edited prompts, and forged ones. */
export async function measureToploc(context: Context): Promise<PartResult> {
  const toploc: ToplocRow[] = []
  await inEachClass(context, async (session) => {
    for (const [attack, answers] of await answersOf(context, session))
      toploc.push(compare(context, session, attack, answers))
    return []
  })
  return { rows: malformedRows(), facts: { toploc, thresholds: { ...REFERENCE_THRESHOLDS } } }
}

type Kinds = Map<string, readonly AnswerRows[]>

async function answersOf(context: Context, session: ClassSession): Promise<Kinds> {
  const { modelFolder, sizes } = context
  const declared = await loadModel(modelFolder)
  const { verifier } = session
  const { text, model } = verifier
  const { precision, roundings, others } = session.class
  const lengths = { contextLength: model.contextLength, maxTokens: TOKENS }
  const ask = (name: string, make: typeof honestQuestion): Question[] => {
    const random = seededRandom(seedOf(context.seed, `toploc ${name}`))
    const turns = makeConversations(random, text, sizes.toploc, model.contextLength)
    return turns.map((conversation) => make(random, text, conversation, lengths))
  }
  const kinds: Kinds = new Map()
  const serve = async (name: string, prover: Engine, make = honestQuestion) => {
    context.report(
      `${session.class.name}: TOPLOC beside sketches`,
      kinds.size,
      6 + roundings.length + others.length,
    )
    kinds.set(name, await answerAll(prover, verifier, ask(name, make), (answer) => answer))
  }
  await serve('honest', session.honest)
  await serve('prompt with one character edited', session.honest, editedQuestion)
  for (const rounding of roundings) {
    const { architecture } = declared.manifest
    const altered = { architecture, weights: roundWeights(declared.weights, rounding) }
    await withAltered(declared, altered, (folder) =>
      withEngine({ modelFolder: folder, precision }, (prover) => serve(`${rounding} weights`, prover)),
    )
  }
  for (const { attack, precision: served } of others)
    await withEngine({ modelFolder, precision: served }, (prover) => serve(attack, prover))
  const honest = kinds.get('honest')!
  const nanoFolder = context.otherModels.get('nano')
  if (nanoFolder !== undefined) {
    await withEngine({ modelFolder: nanoFolder }, async (nano) => {
      const asked = ask('nano', honestQuestion)
      kinds.set(
        'nano decodes, honest prefill',
        await answerAll(cheapWithHonestRows(nano, session.honest), verifier, asked, (answer) => answer),
      )
    })
  }
  const forged = (change: (answer: AnswerRows, place: number) => Float32Array) =>
    honest.map((answer, place) => ({ ...answer, prover: change(answer, place) }))
  kinds.set(
    'sign flipped',
    forged(({ prover }) => prover.map((value) => -value)),
  )
  kinds.set(
    'zeros',
    forged(({ prover }) => prover.map(() => 0)),
  )
  kinds.set(
    'rows of another prompt',
    forged(({ prover }, place) => {
      const other = honest[(place + 1) % honest.length]!.prover
      return prover.map((_, n) => other[n % other.length]!)
    }),
  )
  return kinds
}

/** Writes with one model and reads what was written with the other: hidden states are the other's own. */
function cheapWithHonestRows(cheap: Engine, declared: Engine): Pick<Engine, 'generate'> {
  return {
    async generate({ wantHidden: _, ...request }) {
      const generation = await cheap.generate(request)
      const sequence = [...request.promptTokens, ...generation.tokens.slice(0, -1)]
      const { hidden } = await declared.prefill(sequence)
      const width = hidden.length / sequence.length
      return { ...generation, hidden: hidden.subarray((request.promptTokens.length - 1) * width) }
    },
  }
}

function compare(
  context: Context,
  session: ClassSession,
  attack: string,
  answers: readonly AnswerRows[],
): ToplocRow {
  const thresholds = { prompt: REFERENCE_THRESHOLDS, answer: REFERENCE_THRESHOLDS }
  const random = seededRandom(seedOf(context.seed, `beacons ${attack}`))
  const chunks: ChunkErrors[] = []
  let [toplocPassed, chunksPassed, sketchesPassed, toplocBytes, sketchBytes] = [0, 0, 0, 0, 0]
  for (const answer of answers) {
    const { prover, verifier, width, question, tokens } = answer
    const proofs = proveAnswer({ width, answer: prover })
    const check = checkAnswer(proofs, { width, answer: verifier }, thresholds)
    toplocPassed += Number(check.verdict === 'accept')
    chunks.push(...check.chunks)
    chunksPassed += check.chunks.filter(
      (errors) => excessOf(errors, REFERENCE_THRESHOLDS) === undefined,
    ).length
    toplocBytes += proofs.reduce((sum, proof) => sum + proof.length, 0)
    const matrix = sketchMatrix(question.challenge, session.calibration.whitening)
    const both = { claimed: sketchRows(prover, matrix), own: sketchRows(verifier, matrix) }
    const { verdict, leaves } = decideOpened(session, answer, both, random)
    sketchesPassed += Number(verdict === 'accept')
    const pathNodes = Math.ceil(Math.log2(leafCount(tokens.length)))
    sketchBytes += leaves.reduce((sum, leaf) => sum + leaf.claimed.byteLength + 32 * pathNodes, 0)
  }
  const matching = chunks.filter(({ count, exponentMismatches }) => exponentMismatches < count)
  return {
    ...{ class: session.class.name, attack, answers: answers.length, toplocPassed },
    ...{ chunks: chunks.length, chunksPassed, sketchesPassed },
    mantissaMean: range(matching.map(({ mantissaMean }) => mantissaMean)),
    exponentMismatches: range(chunks.map(({ exponentMismatches }) => exponentMismatches)),
    toplocBytes: toplocBytes / answers.length,
    sketchBytes: sketchBytes / answers.length,
  }
}

/** Proofs in TOPLOC's format that are none, held against rows that any real proof would be held against. */
function malformedRows(): AttackRow[] {
  const width = 64
  const answer = Float32Array.from({ length: 32 * width }, (_, n) => Math.sin(n * n))
  const [proof] = proveAnswer({ width, answer })
  const changed = (change: (view: DataView) => void) => {
    const bytes = proof!.slice()
    change(new DataView(bytes.buffer))
    return [bytes]
  }
  const malformed: Record<string, readonly Uint8Array[]> = {
    'TOPLOC proof with modulus 0': changed((view) => view.setUint16(0, 0)),
    'TOPLOC proof with modulus 65,535': changed((view) => view.setUint16(0, 0xffff)),
    'TOPLOC proof with a coefficient out of range': changed((view) => view.setUint16(2, 0xffff)),
    'TOPLOC proof cut short': [proof!.slice(0, -2)],
    'TOPLOC proof missing': [],
  }
  const thresholds = { prompt: REFERENCE_THRESHOLDS, answer: REFERENCE_THRESHOLDS }
  return Object.entries(malformed).map(([attack, proofs]) => {
    const { verdict, reason } = checkAnswer(proofs, { width, answer }, thresholds)
    return { class: 'any', attack, ...tally([{ verdict }]), reasons: reasonsOf([{ verdict, reason }]) }
  })
}

function range(values: readonly number[]): { smallest: number; largest: number } {
  return {
    smallest: values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    largest: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  }
}
