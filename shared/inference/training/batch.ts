import { BOS, EOS, encodePrompt, encodeText } from '../tokenizer.ts'

/** A prompt and one good answer to it. */
export interface Turn {
  readonly prompt: string
  readonly answer: string
  /** Leading characters of the answer that are free prose, where many words are equally right. */
  readonly freeCharacters: number
}

/** What the model learns from: turns of one conversation, most often a single one. */
export type Document = readonly Turn[]

export interface Batch {
  /** batch × sequence, row-major. */
  readonly inputs: BigInt64Array
  /** The token after each input. */
  readonly targets: BigInt64Array
  readonly weights: Float32Array
  /** Number of each position's document within its row, −1 where there is none. */
  readonly documents: Float32Array
}

/** Prompts are given, not written, by the model; a little weight teaches their words without spending it on chance. */
const PROMPT_WEIGHT = 0.05
/** Most of the loss of prose is chance that can't be learnt; at full weight it drowns the steps, which can. */
const FREE_WEIGHT = 0.3

/** Documents that found no room before a batch counts as full; they are the first in the next one. */
const MOST_WAITING = 16

/**
 * Makes batches that are packed: each document goes into the first row with room for it. What is left of a row has
 * weight 0, and a document longer than a row is cut.
 */
export function createPacker(next: () => Document, batch: number, sequence: number): () => Batch {
  let waiting: Encoded[] = []
  return () => {
    const inputs = new BigInt64Array(batch * sequence).fill(BigInt(EOS))
    const targets = new BigInt64Array(batch * sequence).fill(BigInt(EOS))
    const weights = new Float32Array(batch * sequence)
    const documents = new Float32Array(batch * sequence).fill(-1)
    const rows = Array.from({ length: batch }, () => ({ used: 0, documents: 0 }))
    const put = (document: Encoded) => {
      const count = document.tokens.length - 1
      const row = rows.findIndex(({ used }) => used + count <= sequence)
      if (row < 0) {
        waiting.push(document)
        return
      }
      const place = rows[row]!
      for (let i = 0, at = row * sequence + place.used; i < count; i++, at++) {
        inputs[at] = BigInt(document.tokens[i]!)
        targets[at] = BigInt(document.tokens[i + 1]!)
        weights[at] = document.weights[i + 1]!
        documents[at] = place.documents
      }
      place.used += count
      place.documents += 1
    }
    const late = waiting
    waiting = []
    for (const document of late) put(document)
    while (waiting.length < MOST_WAITING) put(encodeDocument(next(), sequence))
    return { inputs, targets, weights, documents }
  }
}

interface Encoded {
  readonly tokens: readonly number[]
  /** What it counts to predict each of them. */
  readonly weights: readonly number[]
}

function encodeDocument(document: Document, sequence: number): Encoded {
  const tokens: number[] = []
  const weights: number[] = []
  for (const { prompt, answer, freeCharacters } of document) {
    for (const token of encodePrompt(prompt)) {
      tokens.push(token)
      weights.push(token === BOS ? 0 : PROMPT_WEIGHT)
    }
    for (const [i, token] of [...encodeText(answer), EOS].entries()) {
      tokens.push(token)
      weights.push(i < freeCharacters ? FREE_WEIGHT : 1)
    }
  }
  return { tokens: tokens.slice(0, sequence + 1), weights: weights.slice(0, sequence + 1) }
}
