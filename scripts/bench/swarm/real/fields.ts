import type { LadderField } from '../../../../shared/consensus/ladder/field.ts'
import type { Judgement } from '../../../../shared/consensus/voice.ts'
import { hashText, taggedHash } from '../../../../shared/proof/hash.ts'
import { similarityOf } from '../../../../shared/similarity/simhash.ts'
import type { RealAnswer } from './answers.ts'
import type { Shown } from './judging.ts'
import type { Question } from './questions.ts'

/** A question with its answers, in an order that says nothing of who gave them. */
export interface RealField {
  readonly question: Question
  readonly answers: readonly RealAnswer[]
  /** Index of the first answer of each result: what judges are shown. */
  readonly representatives: readonly number[]
  /** Index of the representative that each answer was clustered with, where clusters are not results. */
  readonly stands?: readonly number[]
}

export function fieldOf(question: Question, answers: readonly RealAnswer[]): RealField {
  const key = ({ answerer }: RealAnswer) =>
    Buffer.from(taggedHash('starling/bench/order/v1', question.id, hashText(answerer.name)))
  const shuffled = answers
    .map((answer) => ({ answer, key: key(answer) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ answer }) => answer)
  const representatives = new Map<string, number>()
  shuffled.forEach(({ result }, i) => {
    if (!representatives.has(result)) representatives.set(result, i)
  })
  return { question, answers: shuffled, representatives: [...representatives.values()] }
}

export function shownOf({ question, answers, representatives }: RealField): Shown {
  return { question, texts: representatives.map((i) => answers[i]!.text) }
}

/** What was said of representatives, said of the answers that they stand for. */
export function inField<J extends Judgement>({ representatives }: RealField, judgement: J): J {
  const preferences = judgement.preferences.map(({ a, b, ...rest }) => ({
    a: representatives[a]!,
    b: representatives[b]!,
    ...rest,
  }))
  return { ...judgement, preferences }
}

/** What gold has shown before a field is read out. */
export interface Trust {
  /** Chance that an answerer is right, by the kind of miner that it is. */
  reliabilityOf(answer: RealAnswer): number
  /** Of a voice, in nats. */
  weightOf(voice: string): number
}

/** @param hashes SimHashes of the answers; without them answers of one result are alike, and no others */
export function ladderField(
  { answers }: RealField,
  judgements: readonly Judgement[],
  { reliabilityOf, weightOf }: Trust,
  hashes?: readonly Uint8Array[],
): LadderField {
  const results = answers.map(({ result }) => result)
  const alike = (i: number, j: number) =>
    hashes === undefined ? Number(results[i] === results[j]) : similarityOf(hashes[i]!, hashes[j]!)
  return {
    results,
    reliability: answers.map(reliabilityOf),
    answerVoices: answers.map(({ answerer }) => answerer.model),
    similarity: alike,
    judgements,
    weightOf,
  }
}
