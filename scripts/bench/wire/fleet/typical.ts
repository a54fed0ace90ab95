import { createHash } from 'node:crypto'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { commitMessage } from '../../../../shared/proof/commit.ts'
import { encodeFrame } from '../../../../shared/protocol/codec.ts'
import type {
  Message,
  Reply,
  Request,
  RequestOf,
  Reveal,
  Verdict,
} from '../../../../shared/protocol/messages.ts'
import type { Exchange } from './messages.ts'

export const fleetMinerKey = (seed: number, index: number): Signer =>
  signerFromUri(`//wire//${seed}//miner//${index}`)
export const fleetValidatorKey = (seed: number): Signer => signerFromUri(`//wire//${seed}//validator`)

/** Sizes of a round as validators ask for it: prompts of some sentences, answers of up to 128 tokens, a leaf or two opened. */
const TYPICAL = { promptChars: 240, answerChars: 420, tokens: 128, leafFloats: 32, path: 5, answers: 32 }

const hash = (fill: number) => new Uint8Array(32).fill(fill)
const words = (length: number) => 'Take 12 and add 7, which is 19. '.repeat(20).slice(0, length)

/** A request that asks for this. */
export function requestFor(
  exchange: Exchange,
  id: Uint8Array,
): RequestOf<'challenge' | 'reveal-request' | 'verdict-request'> {
  if (exchange === 'reveal') return { type: 'reveal-request', id, beacon: hash(10) }
  if (exchange === 'verdict') return { type: 'verdict-request', id }
  const sampling = { temperature: 0.7, topK: 0, topP: 1, maxTokens: TYPICAL.tokens }
  const prompt = words(TYPICAL.promptChars)
  return { type: 'challenge', id, round: 70_000, prompt, model: hash(2), sampling, deadlineMs: 20_000 }
}

/** What a miner without an engine says to it; commits are signed for real. */
export function replyTo(request: Request, signer: Signer): Reply {
  if (request.type === 'challenge') {
    const { id } = request
    const digest = Uint8Array.from(createHash('sha256').update(id).digest())
    return { type: 'commit', id, digest, signature: signer.sign(commitMessage(id, digest)) }
  }
  if (request.type === 'reveal-request') return { ...REVEAL, id: request.id }
  if (request.type === 'verdict-request') return { ...VERDICT, id: request.id }
  throw new Error(`${request.type} was not asked for`)
}

/** Bytes of the frames of an exchange, there and back. */
export function frameSizes(
  exchange: Exchange,
  signer: Signer,
): { readonly sent: number; readonly received: number } {
  const request = requestFor(exchange, hash(3))
  const size = (message: Message) => encodeFrame(100_000, message).length
  return { sent: size(request), received: size(replyTo(request, signer)) }
}

const opening = (index: number) => ({
  index,
  sketches: new Float32Array(TYPICAL.leafFloats).fill(0.5),
  path: Array.from({ length: TYPICAL.path }, (_, i) => hash(i)),
})

const REVEAL: Omit<Reveal, 'id'> = {
  type: 'reveal',
  tokens: Array.from({ length: TYPICAL.tokens }, (_, i) => (37 * i) % 4_096),
  text: words(TYPICAL.answerChars),
  salt: hash(6),
  openings: [opening(0), opening(7)],
  finish: 'stop',
  executionClass: 'cpu-fp32/ort-1.30.0',
  model: hash(2),
}

const VERDICT: Omit<Verdict, 'id'> = {
  type: 'verdict',
  given: { method: 'likelihood', scores: Array.from({ length: TYPICAL.answers }, (_, i) => -i - 0.5) },
  salt: hash(8),
}
