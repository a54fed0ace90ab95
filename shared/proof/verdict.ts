import type { JudgeMethod } from '../consensus/voice.ts'
import { hashText, taggedHash, u32 } from './hash.ts'
import { merkleRoot } from './merkle.ts'

/** What a judge gives: one number an answer, higher is better, or the tokens of one verdict a pair. */
export type Given =
  | { readonly method: 'likelihood'; readonly scores: readonly number[] }
  | { readonly method: 'prompted'; readonly verdicts: readonly (readonly number[])[] }

/** What a judge was asked. */
export interface JudgeQuestion {
  readonly prompt: string
  /** In the order in which they were shown. */
  readonly answers: readonly string[]
  readonly method: JudgeMethod
  /** That a prompted judge samples with. */
  readonly temperature: number
  /** Of one verdict. */
  readonly maxTokens: number
}

/** What a judge commits to before it sees anybody's verdict. Keys, ids, hashes and salts are 32 bytes. */
export interface VerdictOpening {
  readonly challenge: Uint8Array
  readonly validator: Uint8Array
  readonly judge: Uint8Array
  /** The model that it declares, and the class that computes it. */
  readonly model: Uint8Array
  readonly executionClass: string
  /** `questionHash`. */
  readonly question: Uint8Array
  readonly given: Given
  readonly salt: Uint8Array
}

/** H(tag ‖ method ‖ temperature f64 ‖ most tokens ‖ H(prompt) ‖ number of answers ‖ H(answer) each), 32 bytes. */
export function questionHash({ prompt, answers, method, temperature, maxTokens }: JudgeQuestion): Uint8Array {
  return taggedHash(
    'starling/judge-question/v1',
    methodByte(method),
    float64s([temperature]),
    u32(maxTokens),
    hashText(prompt),
    u32(answers.length),
    ...answers.map(hashText),
  )
}

/** `merkleRoot` of `verdictLeaves`: one signature over it stands for every single verdict. */
export function verdictDigest(opening: VerdictOpening): Uint8Array {
  return merkleRoot(verdictLeaves(opening))
}

/**
 * The leaves under a judge's signature: what all its verdicts have in common, and behind that one a verdict. With the first and
 * the path to another, whoever holds the signature can be shown one verdict, and no others.
 */
export function verdictLeaves(opening: VerdictOpening): Uint8Array[] {
  const { challenge, validator, judge, model, executionClass, question, given, salt } = opening
  const verdicts = given.method === 'prompted' ? given.verdicts.map(tokenBytes) : given.scores.map(scoreBytes)
  const head = taggedHash(
    'starling/verdict-head/v2',
    ...[challenge, validator, judge, model, hashText(executionClass), question],
    methodByte(given.method),
    u32(verdicts.length),
    salt,
  )
  return [head, ...verdicts.map((bytes, k) => taggedHash('starling/verdict/v2', u32(k), bytes))]
}

/** The bytes that a judge signs to stand by its verdicts. */
export function verdictMessage(challenge: Uint8Array, digest: Uint8Array): Uint8Array {
  return taggedHash('starling/verdict-signature/v1', challenge, digest)
}

function tokenBytes(tokens: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * (1 + tokens.length)))
  for (const [i, value] of [tokens.length, ...tokens].entries()) {
    // Cut to 32 bits it would be another token.
    if (value >>> 0 !== value) throw new RangeError(`not a u32: ${value}`)
    view.setUint32(4 * i, value, true)
  }
  return new Uint8Array(view.buffer)
}

function scoreBytes(score: number): Uint8Array {
  return float64s([score])
}

function float64s(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length))
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true)
  return new Uint8Array(view.buffer)
}

function methodByte(method: JudgeMethod): Uint8Array {
  return Uint8Array.of(method === 'prompted' ? 1 : 0)
}
