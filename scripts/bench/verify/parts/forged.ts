import type { Engine } from '../../../../shared/inference/engine.ts'
import { concatenate } from '../../../../shared/inference/hugging-face/rows.ts'
import { type Random, seededRandom } from '../../../../shared/inference/random.ts'
import type { AuditVerdict } from '../../../../shared/proof/decision.ts'
import { sketchMatrix } from '../../../../shared/proof/sketch/matrix.ts'
import { sketchRows } from '../../../../shared/proof/sketch/sketch.ts'
import { type AnswerRows, answerAll } from '../../../calibrate/measure.ts'
import { honestQuestion, makeConversations } from '../../../calibrate/questions.ts'
import { type ClassSession, type Context, inEachClass, seedOf, withEngine } from '../context.ts'
import {
  type Challenged,
  DISTORTIONS,
  FORGERIES,
  type Forge,
  rowsOfAnother,
  type Victim,
} from '../forgery/forgeries.ts'
import { type Features, trainMap } from '../forgery/least-squares.ts'
import { indexByLastTokens } from '../forgery/same-tokens.ts'
import { decideOpened } from '../open-sketches.ts'
import { bytes32 } from '../orders.ts'
import type { AttackRow, PartResult } from '../results.ts'
import { tally } from '../trial.ts'

/** Tokens of an answer, at most. */
const TOKENS = 96
/** Answers to other prompts that a forger learns from, for each one that it forges. */
const KEPT_SHARE = 0.25
const HONEST: Forge = ({ truth }) => truth

/** Sketches that were not computed: committed before the beacon, opened where it asks, decided as in an audit. */
export async function measureForged(context: Context): Promise<PartResult> {
  // The cheapest other model that there is.
  const [modelFolder] = context.otherModels.values()
  const rows = await withEngine({ modelFolder: modelFolder! }, (other) =>
    inEachClass(context, (session) => forgeAll(context, session, other)),
  )
  const { prompts, challenges, beacons } = context.sizes.forged
  return { rows, facts: { prompts, challengesEach: challenges, beaconsEach: beacons } }
}

async function forgeAll(context: Context, session: ClassSession, cheaper: Engine): Promise<AttackRow[]> {
  const { prompts, challenges, beacons } = context.sizes.forged
  const random = seededRandom(seedOf(context.seed, 'forged'))
  const answers = await honestRows(session, random, Math.ceil(prompts * (1 + KEPT_SHARE)))
  const [victims, kept] = [answers.slice(0, prompts), answers.slice(prompts)]
  const prepare = await forger(session, cheaper, kept, random)
  const kinds: Record<string, Forge> = { 'honest sketches': HONEST, ...FORGERIES, ...DISTORTIONS }
  const verdicts = new Map<string, AuditVerdict[]>(Object.keys(kinds).map((name) => [name, []]))
  for (const [done, answer] of victims.entries()) {
    context.report(`${session.class.name}: forged sketches`, done, victims.length)
    const victim = await prepare(answer)
    for (let n = 0; n < challenges; n++) {
      const challenged = challenge(session, victim, random)
      const own = sketchRows(answer.verifier, challenged.matrix)
      for (const [name, forge] of Object.entries(kinds)) {
        const forged = forge(challenged)
        for (let beacon = 0; beacon < beacons; beacon++)
          verdicts.get(name)!.push(decideOpened(session, answer, { claimed: forged, own }, random).verdict)
      }
    }
  }
  return [...verdicts].map(([attack, trials]) => ({
    class: session.class.name,
    attack,
    ...tally(trials.map((verdict) => ({ verdict }))),
  }))
}

/** Hidden states of honest answers, from the steps that wrote them and from one reading afterwards. */
function honestRows(
  { honest, verifier }: ClassSession,
  random: Random,
  count: number,
): Promise<AnswerRows[]> {
  const { text, model } = verifier
  const lengths = { contextLength: model.contextLength, maxTokens: TOKENS }
  const questions = makeConversations(random, text, count, model.contextLength).map((turns) =>
    honestQuestion(random, text, turns, lengths),
  )
  // Conversations come in the order of their lengths.
  return answerAll(honest, verifier, shuffled(questions, random), (answer) => answer)
}

/** Learns from the answers that a forger kept; what it then has of any other answer. */
async function forger(
  { verifier }: ClassSession,
  cheaper: Engine,
  kept: readonly AnswerRows[],
  random: Random,
): Promise<(answer: AnswerRows) => Promise<Victim>> {
  const width = kept[0]!.width
  const read = await Promise.all(kept.map((answer) => featuresOf(cheaper, answer)))
  const predict = trainMap(
    joinFeatures(read),
    concatenate(kept.map(({ prover }) => prover)),
    width,
    verifier.model.vocabularySize,
  )
  const lookUp = indexByLastTokens(kept)
  const meanRow = meanOf(kept)
  return async (answer) => ({
    ...{ answer, meanRow, sameTokens: lookUp(answer) },
    mapped: predict(await featuresOf(cheaper, answer)),
    ofAnother: rowsOfAnother(random, answer, kept),
  })
}

async function featuresOf(cheaper: Engine, { question, tokens }: AnswerRows): Promise<Features> {
  const sequence = [...question.declared, ...tokens.slice(0, -1)]
  const { hidden } = await cheaper.prefill(sequence)
  const width = hidden.length / sequence.length
  const first = question.declared.length - 1
  return { rows: hidden.subarray(first * width), width, tokens: sequence.slice(first) }
}

function challenge({ calibration }: ClassSession, victim: Victim, random: Random): Challenged {
  const matrix = sketchMatrix(bytes32(random), calibration.whitening)
  const otherMatrix = sketchMatrix(bytes32(random), calibration.whitening)
  return { ...victim, random, matrix, otherMatrix, truth: sketchRows(victim.answer.prover, matrix) }
}

function meanOf(answers: readonly AnswerRows[]): Float32Array {
  const { width } = answers[0]!
  const sums = new Float64Array(width)
  let rows = 0
  for (const { prover } of answers) {
    for (const [n, value] of prover.entries()) sums[n % width]! += value
    rows += prover.length / width
  }
  return Float32Array.from(sums, (sum) => sum / rows)
}

function joinFeatures(all: readonly Features[]): Features {
  return {
    rows: concatenate(all.map(({ rows }) => rows)),
    width: all[0]!.width,
    tokens: all.flatMap(({ tokens }) => tokens),
  }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[result[last], result[other]] = [result[other]!, result[last]!]
  }
  return result
}
