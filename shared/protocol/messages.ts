import { z } from 'zod'
import {
  type DisputeMove,
  type DisputeOpen,
  type DisputePiece,
  disputeMove,
  disputeOpen,
  disputePiece,
} from './dispute-messages.ts'
import {
  finish,
  hash,
  name,
  sampling,
  scores,
  signature,
  sketches,
  someBytes,
  text,
  tokens,
  u32,
  verdicts,
} from './fields.ts'
import { MESSAGE_LIMITS } from './limits.ts'

/** Goes up when a message or limit changes; peers of different versions part at once instead of misreading each other. */
export const PROTOCOL_VERSION = 6

/** A model that a miner offers to run, and the numerics it promises. */
const modelOffer = z.strictObject({
  name,
  hash,
  /** Peers of one class compute equal logits to within its tolerance, such as `cpu-fp32/ort-1.30.0`. */
  executionClass: name,
})

/**
 * Listener → dialler, in the clear, once: who listens, signed over this very connection (see `hello.ts`), and its X25519 key. All
 * that follows travels in records.
 */
export const helloSchema = z.strictObject({
  type: z.literal('hello'),
  version: u32,
  hotkey: hash,
  key: hash,
  signature,
})

/** Miner → validator, unasked, once: what this miner runs. Only the miner's hotkey can have sealed it. */
const offer = z.strictObject({
  type: z.literal('offer'),
  models: z.array(modelOffer).min(1).max(MESSAGE_LIMITS.models),
})

/** Validator → miner: generate, and commit to the answer. */
const challenge = z.strictObject({
  type: z.literal('challenge'),
  id: hash,
  round: u32,
  prompt: text(MESSAGE_LIMITS.promptBytes),
  /** Hash of the model that must answer. */
  model: hash,
  sampling,
  /** Milliseconds from sending, on the validator's clock, until its commit is too late. */
  deadlineMs: z.number().int().min(1).max(MESSAGE_LIMITS.deadlineMs),
})

/** Miner → validator: `commitDigest` of the answer and the miner's signature over `commitMessage`. */
const commit = z.strictObject({ type: z.literal('commit'), id: hash, digest: hash, signature })

/** Validator → miner: open the commit, and the leaves that the beacon asks for. */
const revealRequest = z.strictObject({ type: z.literal('reveal-request'), id: hash, beacon: hash })

/** One leaf of the tree over tokens and sketches; its tokens stand in the reveal. */
const opening = z.strictObject({
  index: u32,
  sketches,
  path: z.array(hash).max(MESSAGE_LIMITS.pathHashes),
})

/** Miner → validator: the answer that was committed to. */
const reveal = z.strictObject({
  type: z.literal('reveal'),
  id: hash,
  tokens,
  text: text(MESSAGE_LIMITS.answerBytes),
  salt: hash,
  /** Of the tree over tokens and sketches, ascending; none without sketches. What the first leads to is the tree's root. */
  openings: z.array(opening).max(MESSAGE_LIMITS.openedLeaves),
  finish,
  executionClass: name,
  model: hash,
})

/** How a judge is to judge; see `JudgeMethod`. */
const method = z.enum(['likelihood', 'prompted'])

/** Validator → judge: judge these anonymous answers. */
const judge = z.strictObject({
  type: z.literal('judge'),
  id: hash,
  round: u32,
  prompt: text(MESSAGE_LIMITS.promptBytes),
  answers: z.array(text(MESSAGE_LIMITS.answerBytes)).min(2).max(MESSAGE_LIMITS.judgedAnswers),
  method,
  /** Of each verdict of a prompted judge; its whole vocabulary may be sampled. */
  temperature: z.number().gt(0).max(10),
  maxTokens: z.number().int().min(1).max(MESSAGE_LIMITS.verdictTokens),
  /** Milliseconds from sending, on the validator's clock, until its commit is too late. */
  deadlineMs: z.number().int().min(1).max(MESSAGE_LIMITS.deadlineMs),
})

/** Judge → validator: `verdictDigest` of what it gives and the judge's signature over `verdictMessage`. */
const verdictCommit = z.strictObject({ type: z.literal('verdict-commit'), id: hash, digest: hash, signature })

/** Validator → judge: open the verdict. */
const verdictRequest = z.strictObject({ type: z.literal('verdict-request'), id: hash })

/** One score an answer, in the order in which they were shown, higher is better; or the tokens of one verdict a pair, see `verdictSlots`. */
const given = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal(method.enum.likelihood), scores }),
  z.strictObject({ method: z.literal(method.enum.prompted), verdicts }),
])

/** Judge → validator: what it committed to. */
const verdict = z.strictObject({ type: z.literal('verdict'), id: hash, given, salt: hash })

/** Validator → miner: what the round settled for it, to be checked against the signed root. */
const receipt = z.strictObject({
  type: z.literal('receipt'),
  round: u32,
  row: someBytes(MESSAGE_LIMITS.rowBytes),
  index: u32,
  /** Rows under the root. */
  count: u32,
  path: z.array(hash).max(MESSAGE_LIMITS.pathHashes),
  root: hash,
  signature,
})

const ack = z.strictObject({ type: z.literal('ack') })

/** Miner → validator, in place of any reply. */
const refusal = z.strictObject({
  type: z.literal('refusal'),
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/),
  // No control characters: this line ends up in a stranger's terminal.
  message: z
    .string()
    .max(MESSAGE_LIMITS.refusalChars)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u),
})

/** All that a validator may send. */
export const requestSchema = z.discriminatedUnion('type', [
  challenge,
  revealRequest,
  judge,
  verdictRequest,
  receipt,
  disputeOpen,
  disputeMove,
])

/** All that a miner may send in its records. */
export const replySchema = z.discriminatedUnion('type', [
  offer,
  commit,
  reveal,
  verdictCommit,
  verdict,
  ack,
  disputePiece,
  refusal,
])

/** Every message by its type, for encoding. */
export const MESSAGES = {
  hello: helloSchema,
  offer,
  challenge,
  commit,
  'reveal-request': revealRequest,
  reveal,
  judge,
  'verdict-commit': verdictCommit,
  'verdict-request': verdictRequest,
  verdict,
  receipt,
  ack,
  'dispute-open': disputeOpen,
  'dispute-move': disputeMove,
  'dispute-piece': disputePiece,
  refusal,
} as const

export type ModelOffer = z.infer<typeof modelOffer>
export type Hello = z.infer<typeof helloSchema>
export type Offer = z.infer<typeof offer>
export type Challenge = z.infer<typeof challenge>
export type Commit = z.infer<typeof commit>
export type RevealRequest = z.infer<typeof revealRequest>
export type Reveal = z.infer<typeof reveal>
export type Judge = z.infer<typeof judge>
export type VerdictCommit = z.infer<typeof verdictCommit>
export type VerdictRequest = z.infer<typeof verdictRequest>
export type Verdict = z.infer<typeof verdict>
export type Receipt = z.infer<typeof receipt>
export type Ack = z.infer<typeof ack>
export type Refusal = z.infer<typeof refusal>

/** Which reply answers which request; a refusal may answer all of them. */
export interface Exchanges {
  challenge: { request: Challenge; reply: Commit }
  'reveal-request': { request: RevealRequest; reply: Reveal }
  judge: { request: Judge; reply: VerdictCommit }
  'verdict-request': { request: VerdictRequest; reply: Verdict }
  receipt: { request: Receipt; reply: Ack }
  'dispute-open': { request: DisputeOpen; reply: Ack }
  'dispute-move': { request: DisputeMove; reply: DisputePiece }
}

export type RequestType = keyof Exchanges
export type RequestOf<K extends RequestType> = Exchanges[K]['request']
export type ReplyFor<K extends RequestType> = Exchanges[K]['reply']
export type Request = RequestOf<RequestType>
export type Reply = ReplyFor<RequestType>
export type MinerMessage = Offer | Reply | Refusal
export type Message = Hello | Request | MinerMessage

/** The type of the reply to each request, for checks at run time. */
export const REPLY_TYPE: { readonly [K in RequestType]: ReplyFor<K>['type'] } = {
  challenge: 'commit',
  'reveal-request': 'reveal',
  judge: 'verdict-commit',
  'verdict-request': 'verdict',
  receipt: 'ack',
  'dispute-open': 'ack',
  'dispute-move': 'dispute-piece',
}
