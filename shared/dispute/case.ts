import { addressOf, verifySignature } from '../chain/wallet/signer.ts'
import type { ReferenceModel } from '../inference/reference/reference-model.ts'
import { bytesCodec } from '../inference/text/bytes-codec.ts'
import { StarlingError } from '../process/errors.ts'
import { answerRoot, committedRoot } from '../proof/answer-root.ts'
import { commitDigest, commitMessage } from '../proof/commit.ts'
import { equalBytes, fromHex, HASH_BYTES, hashText, taggedHash, u32 } from '../proof/hash.ts'
import type { DisputeCase } from '../protocol/dispute-messages.ts'
import type { Statement } from './statement.ts'

/** Class in which one margin above `FP32_MARGIN` is proof by itself. */
const EXACT_CLASS = 'cpu-fp32/'
const NO_SKETCHES = new Uint8Array(HASH_BYTES)

/** Digest of the commit that the case is about, from the fields that it binds. */
export function caseCommit(dispute: DisputeCase): Uint8Array {
  const { tokens, sketchRoot, defender: miner, ...rest } = dispute
  const isSketched = !equalBytes(sketchRoot, NO_SKETCHES)
  const root = isSketched ? committedRoot(tokens, sketchRoot) : answerRoot(tokens)
  return commitDigest({ ...rest, miner, count: tokens.length, root })
}

/** Names a case, 32 bytes: H(tag ‖ challenger ‖ commit's digest ‖ H(prompt) ‖ temperature ‖ topK ‖ topP ‖ maxTokens ‖ position). */
export function caseDigest(dispute: DisputeCase): Uint8Array {
  const { challenger, prompt, sampling, position } = dispute
  return taggedHash(
    'starling/dispute-case/v1',
    challenger,
    caseCommit(dispute),
    hashText(prompt),
    float64Bytes(sampling.temperature),
    u32(sampling.topK),
    float64Bytes(sampling.topP),
    u32(sampling.maxTokens),
    u32(position),
  )
}

/**
 * What both sides run: prompt and answer, but for the last token, after which nothing was chosen.
 * @throws StarlingError DISPUTE_INVALID, where the case can't be decided, with what is wrong
 */
export function caseStatement(dispute: DisputeCase, reference: ReferenceModel): Statement {
  const { defender, challenge, signature, executionClass, tokens, position, model } = dispute
  const { architecture, layout } = reference
  if (!verifySignature(commitMessage(challenge, caseCommit(dispute)), signature, addressOf(defender)))
    throw invalid('the answer does not open a commit that the defender signed')
  if (!executionClass.startsWith(EXACT_CLASS))
    throw invalid(`no single margin is proof in class ${executionClass}, only in ${EXACT_CLASS}…`)
  if (position >= tokens.length) throw invalid(`token ${position} of an answer of ${tokens.length}`)
  const fed = [...bytesCodec.encodePrompt(dispute.prompt), ...tokens.slice(0, -1)]
  if (fed.length > architecture.contextLength || fed.some((token) => token >= architecture.vocabularySize))
    throw invalid('the answer is longer than the context, or has tokens outside of the vocabulary')
  const plan = { architecture, layout, tokens: fed }
  return {
    subject: caseDigest(dispute),
    model,
    weightsRoot: fromHex(reference.tilesRoot),
    plan,
    pins: [],
  }
}

/** Row of the run that chose the token in dispute. */
export function disputedRow({ prompt, position }: DisputeCase): number {
  return bytesCodec.encodePrompt(prompt).length - 1 + position
}

function float64Bytes(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value, true)
  return new Uint8Array(view.buffer)
}

function invalid(what: string): StarlingError {
  return new StarlingError(
    'DISPUTE_INVALID',
    what,
    'such an answer is decided by the round’s audit, without a dispute',
  )
}
