import type { Answer, Answerer } from '../../../miner/answerer.ts'
import { commitAnswer, type PendingAnswer, revealAnswer } from '../../../miner/generation.ts'
import { createPending } from '../../../miner/pending.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Engine } from '../../../shared/inference/engine.ts'
import { below, seededRandom } from '../../../shared/inference/random.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import type { StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'
import type { Challenge } from '../../../shared/protocol/messages.ts'
import type { Claim } from '../../../shared/verify/claim.ts'
import type { RoundConfig } from '../../../validator/config.ts'
import { samplingOf } from '../../../validator/round/answers.ts'
import { auditAnswers } from '../../../validator/round/audit.ts'
import type { Attempt, AuditedChallenge, AuditedMiner } from '../../../validator/round/types.ts'
import { keepInFlight } from '../engine/in-flight.ts'
import { listenTo } from './listening.ts'
import type { Order } from './orders.ts'
import type { Trial } from './trial.ts'

/** Answers under way at once: twice as many as an engine decodes together, so that reading and writing overlap. */
const CONCURRENT = 32

const validator = signerFromUri('//Alice')
export const miner = signerFromUri('//Miner')
/** From whom a copier copies. */
export const otherMiner = signerFromUri('//Other')

/** A validator that holds the declared model. */
export interface Desk {
  readonly verifier: Engine
  readonly calibration: StoredCalibration | undefined
  readonly config: RoundConfig
}

/** What a miner sent, as the validator's audit takes it. */
export type Sent = Attempt<AuditedChallenge, AuditedMiner>
export type Revealed = Extract<Sent, { result: 'revealed' }>

/** Changes an answer after its commit. */
export type Tamper = (sent: Revealed, answer: Answer) => Sent

/**
 * Has orders answered, committed and revealed by the miner's own code, and audited by the validator's. Answers come in any
 * order; trials are in that of the orders.
 */
export async function auditOrders(
  desk: Desk,
  orders: readonly Order[],
  answerer: Answerer,
  { tamper, onDone }: { readonly tamper?: Tamper; readonly onDone?: () => void } = {},
): Promise<Trial[]> {
  const trials: Trial[] = []
  const queue = orders.entries()
  const work = async (place: number, order: Order) => {
    const { sent, answer } = await answerOrder(desk, order, answerer)
    trials[place] = await auditSent(desk, order, tamper === undefined ? sent : tamper(sent, answer), answer)
    onDone?.()
  }
  await keepInFlight(CONCURRENT, () => {
    const { value } = queue.next()
    return value && work(...value)
  })
  return trials
}

/** The miner's part: an answer, its commit, and what the beacon asks to be opened of it. */
export async function answerOrder(
  { verifier, config }: Pick<Desk, 'verifier' | 'config'>,
  { id, prompt, beacon, salt }: Order,
  answerer: Answerer,
): Promise<{ readonly sent: Revealed; readonly answer: Answer }> {
  const { model } = verifier
  let answer: Answer | undefined
  const random = seededRandom(salt)
  const parts = {
    answerer: async (...asked: Parameters<Answerer>) => {
      answer = await answerer(...asked)
      return answer
    },
    ...{ model, signer: miner },
    pending: createPending<PendingAnswer>(1, config.commitMs, systemClock),
    randomBytes: (count: number) => Uint8Array.from({ length: count }, () => below(random, 256)),
  }
  const request: Challenge = {
    ...{ type: 'challenge', id, round: 0, prompt, model: fromHex(model.hash) },
    ...{ sampling: samplingOf(config), deadlineMs: config.commitMs },
  }
  const commit = await commitAnswer(parts, validator.address, request, new AbortController().signal)
  const reveal = await revealAnswer(parts, validator.address, { type: 'reveal-request', id, beacon })
  const sent: Revealed = {
    ...{ result: 'revealed', commit, reveal, milliseconds: 1 },
    challenge: { index: 0, id, prompt, gold: undefined },
    miner: { hotkey: miner.address, publicKey: miner.publicKey, model },
  }
  return { sent, answer: answer! }
}

/** The validator's part, on a reveal that may have been changed since. */
async function auditSent(desk: Desk, order: Order, sent: Sent, answer: Answer): Promise<Trial> {
  const { verifier, calibration, config } = desk
  const { beacon, prompt } = order
  const { hash, executionClass } = verifier.model
  const { engine, heard } = listenTo(verifier)
  const calibrations = new Map(calibration === undefined ? [] : [[hash, calibration]])
  const parts = { validator: validator.publicKey, engines: [engine], calibrations, beacon, config }
  const [audited] = await auditAnswers([sent], parts)
  const { result: verdict, reason, surprise, evidence = [] } = audited!
  const result = heard()
  const reading = result && {
    ...{ ...result, executionClass },
    promptTokens: verifier.text.encodePrompt(prompt).length,
  }
  const isComparable = result?.projected !== undefined && answer.sketches?.length === result.projected.length
  return {
    ...{ verdict, reason, surprise, evidence, reading },
    claim: sent.result === 'revealed' ? claimOf(sent, desk, beacon) : undefined,
    claimed: isComparable ? answer.sketches : undefined,
  }
}

/** What a reveal claims, for verifiers that are asked once more about a part of it. */
function claimOf(
  { challenge, miner, commit, reveal }: Revealed,
  { config }: Desk,
  beacon: Uint8Array,
): Claim {
  const { maxTokens, ...sampling } = samplingOf(config)
  return {
    ...{ challenge, validator: validator.publicKey, miner: miner.publicKey, model: miner.model },
    ...{ sampling, maxTokens, digest: commit.digest, beacon, reveal },
  }
}
