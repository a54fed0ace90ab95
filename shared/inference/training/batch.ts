import { ANSWER, EOS, encodePrompt, encodeText } from '../tokenizer.ts'

/** What the model learns from: a prompt and one good answer to it. */
export interface Document {
  readonly prompt: string
  readonly answer: string
  /** Leading characters of the answer that are free prose, where many words are equally right. */
  readonly freeCharacters: number
}

export interface Batch {
  /** batch × sequence, row-major. */
  readonly inputs: BigInt64Array
  /** The token after each input. */
  readonly targets: BigInt64Array
  readonly weights: Float32Array
}

/** Prompts are given, not written, by the model; a little weight teaches their words without spending it on chance. */
const PROMPT_WEIGHT = 0.05
/** Most of the loss of prose is chance that can't be learnt; at full weight it drowns the steps, which can. */
const FREE_WEIGHT = 0.3

/** One document a row, from its BOS, cut at `sequence`; what is left of a row has weight 0. */
export function makeBatch(next: () => Document, batch: number, sequence: number): Batch {
  const inputs = new BigInt64Array(batch * sequence).fill(BigInt(EOS))
  const targets = new BigInt64Array(batch * sequence).fill(BigInt(EOS))
  const weights = new Float32Array(batch * sequence)
  for (let row = 0; row < batch; row++) {
    const document = next()
    const tokens = [...encodePrompt(document.prompt), ...encodeText(document.answer), EOS]
    const answerStart = tokens.indexOf(ANSWER) + 1
    const count = Math.min(sequence, tokens.length - 1)
    for (let i = 0; i < count; i++) {
      inputs[row * sequence + i] = BigInt(tokens[i]!)
      targets[row * sequence + i] = BigInt(tokens[i + 1]!)
      const free = i + 1 < answerStart + document.freeCharacters
      weights[row * sequence + i] = i + 1 < answerStart ? PROMPT_WEIGHT : free ? FREE_WEIGHT : 1
    }
  }
  return { inputs, targets, weights }
}
