import { extractAnswer } from '../../shared/inference/tasks/check-answer.ts'
import { clusterHashes } from '../../shared/similarity/clusters.ts'
import { medoid } from '../../shared/similarity/medoid.ts'
import { estimateJaccard, minhash } from '../../shared/similarity/minhash.ts'
import { similarityOf } from '../../shared/similarity/simhash.ts'
import type { RoundConfig } from '../config.ts'
import type { AuditedAnswer } from './types.ts'

/** Answers to one challenge that are alike: judges see one of them, and the others inherit what it gets. */
export interface AnswerGroup<A> {
  /** The member that is most like the others, the first of such. */
  readonly representative: A
  readonly members: readonly {
    readonly answer: A
    /** To the representative, in [0, 1]; its own is 1. */
    readonly similarity: number
  }[]
}

type Hashed = Pick<AuditedAnswer, 'text' | 'simhash'>

/** Jaccard index of the shingles of two texts without a result from which on one is a copy of the other; fresh stories stay below .3. */
const NEAR_COPY = 0.8

/**
 * Groups the accepted answers of one challenge, given in the order of its lot; so are the groups, by their first member, and the
 * members of each. Follows from texts, hashes and that order alone; an answer without a hash is a group of its own.
 *
 * Beyond `maxJudged` groups the largest are judged, the first of such. Who is in none of them gets nothing from a neighbour: the
 * results that are nearest to a right one are wrong by a digit.
 */
export function groupAnswers<A extends Hashed>(
  answers: readonly A[],
  { clusterBits, maxJudged }: Pick<RoundConfig, 'clusterBits' | 'maxJudged'>,
): AnswerGroup<A>[] {
  const clusters = clusterAnswers(answers, clusterBits)
  // A stable sort: of equally large ones the first stay.
  const judged = new Set([...clusters].sort((a, b) => b.length - a.length).slice(0, maxJudged))
  return clusters
    .filter((cluster) => judged.has(cluster))
    .map((cluster) => groupOf(cluster.map((i) => answers[i]!)))
}

/** Indices of the answers that are alike, in order. */
function clusterAnswers(answers: readonly Hashed[], clusterBits: number): number[][] {
  const hashed = answers.flatMap(({ simhash, text }, i) =>
    simhash === undefined ? [] : [{ i, simhash, text }],
  )
  const found = clusterHashes(
    hashed.map(({ simhash }) => simhash),
    clusterBits,
    nearCopies(hashed.map(({ text }) => text)),
  )
  const clusters = found.map((cluster) => cluster.map((place) => hashed[place]!.i))
  const alone = answers.flatMap(({ simhash }, i) => (simhash === undefined ? [[i]] : []))
  return [...clusters, ...alone].sort(([a], [b]) => a! - b!)
}

/** Pairs of texts without a result that are nearly the same, byte by byte: tokens of models differ. */
function nearCopies(texts: readonly string[]): [number, number][] {
  const signed = texts.flatMap((text, i) =>
    extractAnswer(text) === undefined ? [{ i, signature: minhash(Buffer.from(text)) }] : [],
  )
  return signed.flatMap((a, place) =>
    signed
      .slice(place + 1)
      .filter((b) => estimateJaccard(a.signature, b.signature) >= NEAR_COPY)
      .map((b): [number, number] => [a.i, b.i]),
  )
}

function groupOf<A extends Hashed>(answers: readonly A[]): AnswerGroup<A> {
  const alike = (a: A, b: A) => (a === b ? 1 : similarityOf(a.simhash!, b.simhash!))
  const representative = answers[medoid(answers.length, (i, j) => alike(answers[i]!, answers[j]!))]!
  return {
    representative,
    members: answers.map((answer) => ({ answer, similarity: alike(answer, representative) })),
  }
}
