import type { Signer } from '../chain/wallet/signer.ts'
import type { Evaluate } from '../inference/reference/evaluate.ts'
import type { HeldModel } from '../inference/reference/reference-model.ts'
import { runTrace } from '../inference/reference/trace.ts'
import type { Clock } from '../process/clock.ts'
import { StarlingError } from '../process/errors.ts'
import type { Log } from '../process/logging.ts'
import { equalBytes, toHex } from '../proof/hash.ts'
import type {
  DisputeCase,
  DisputeMove,
  DisputeOpen,
  DisputePiece,
  DisputeRequest,
} from '../protocol/dispute-messages.ts'
import { DISPUTE_LIMITS } from '../protocol/limits.ts'
import type { Ack } from '../protocol/messages.ts'
import { caseDigest, caseStatement } from './case.ts'
import { type Party, standBy } from './party.ts'
import { readPins } from './pins.ts'
import type { Side } from './referee.ts'
import { replyMessage, type SignedReply, signReply } from './signed-reply.ts'
import { type Statement, statementDigest } from './statement.ts'
import { traceTree } from './tree.ts'

/** Where a miner or validator stands by its side of disputes. */
export interface DisputeDesk {
  /** @throws StarlingError DISPUTE_NOT_MINE, DISPUTE_BUSY, DISPUTE_INVALID, and what `model` throws */
  open(request: DisputeOpen): Promise<Ack>
  /** @throws StarlingError DISPUTE_UNKNOWN, DISPUTE_TOO_LARGE */
  move(request: DisputeMove): Promise<DisputePiece>
}

export interface DeskOptions {
  /** Which side this process takes: a miner defends its answers, a validator challenges those that it rejected. */
  readonly side: Side
  readonly signer: Signer
  /** The model of a hash as this process holds it. @throws StarlingError UNKNOWN_MODEL, TILES_ROOT_MISMATCH */
  readonly model: (hash: string) => Promise<HeldModel>
  readonly evaluate: Evaluate
  readonly clock: Clock
  readonly log: Log
}

/** Disputes that are held at once: a run of 512 tokens of `base` keeps 92 MB. */
const MOST_OPEN = 2
/** A dispute in which nobody asked for so long is over. */
const IDLE_MS = 600_000
/** A dispute has one pass more than roundings that may be settled; a referee that asks for more runs is none. */
const MOST_PASSES = 1 + DISPUTE_LIMITS.pins

interface Open {
  readonly statement: Statement
  readonly held: HeldModel
  seen: number
  passes: number
  /** Of the newest pass. */
  pass: { readonly dispute: Uint8Array; readonly party: Promise<Party> } | undefined
  /** The newest reply, for its further pieces. */
  last: { readonly move: string; readonly reply: SignedReply } | undefined
}

/**
 * Answers referees. A side needs no memory of its answers: a case carries the commit that the defender signed, and only such a
 * case is run. Traces are run one after the other.
 */
export function createDesk(options: DeskOptions): DisputeDesk {
  const { signer, side, clock, log } = options
  const cases = new Map<string, Open>()
  let running: Promise<unknown> = Promise.resolve()

  const runParty = (statement: Statement, { weights, tree }: HeldModel): Promise<Party> => {
    const run = async () => {
      const started = clock.monotonic()
      const trace = await runTrace(statement.plan, weights, options.evaluate, statement.pins)
      const seconds = (clock.monotonic() - started) / 1000
      log.info({ dispute: toHex(statement.subject), tokens: statement.plan.tokens.length, seconds }, 'traced')
      return standBy(statement, trace, tree)
    }
    const party = running.then(run)
    running = party.catch(() => {})
    return party
  }

  const partyOf = (open: Open, request: DisputeRequest): Promise<Party> => {
    if (open.pass !== undefined && equalBytes(open.pass.dispute, request.dispute)) return open.pass.party
    if (request.type !== 'trace-request') throw unknown('comes before the trace')
    const { statement: first } = open
    const pins = readPins(first, traceTree(first.plan), request.pins)
    if (pins === undefined) throw unknown('pins what the run does not compute')
    const statement = { ...first, pins }
    const dispute = statementDigest(statement)
    if (!equalBytes(dispute, request.dispute)) throw unknown('is about another statement')
    if (open.passes >= MOST_PASSES) throw unknown(`comes after ${MOST_PASSES} runs`)
    open.passes++
    const party = runParty(statement, open.held)
    open.pass = { dispute, party }
    party.catch(() => {
      if (open.pass?.party === party) open.pass = undefined
    })
    return party
  }

  const forgetIdle = () => {
    for (const [name, { seen }] of cases) if (clock.monotonic() - seen > IDLE_MS) cases.delete(name)
  }
  // Nobody says when a dispute is over, and a run is too large to be kept until the next one comes.
  let timer: NodeJS.Timeout | undefined
  const touch = (open: Open) => {
    open.seen = clock.monotonic()
    clearTimeout(timer)
    timer = setTimeout(forgetIdle, IDLE_MS + 1).unref()
  }

  return {
    async open({ id, case: dispute }) {
      forgetIdle()
      const name = toHex(id)
      if (cases.has(name)) return { type: 'ack' }
      checkOwn(dispute, id, side, signer.publicKey)
      checkRoom(cases.size)
      const held = await options.model(toHex(dispute.model))
      const statement = caseStatement(dispute, held.reference)
      // Others, or the same once more, may have come while the model was read.
      if (cases.has(name)) return { type: 'ack' }
      checkRoom(cases.size)
      const open = { statement, held, seen: 0, passes: 0, pass: undefined, last: undefined }
      cases.set(name, open)
      touch(open)
      log.info({ dispute: name, challenge: toHex(dispute.challenge), side }, 'dispute open')
      return { type: 'ack' }
    },
    async move({ id, move, piece }) {
      const open = cases.get(toHex(id))
      if (open === undefined) throw unknown('was not opened')
      touch(open)
      const name = toHex(replyMessage(move, new Uint8Array(0)))
      if (open.last?.move !== name) {
        const reply = (await partyOf(open, move))(move)
        open.last = { move: name, reply: signReply(signer, move, reply) }
      }
      return cutPiece(id, open.last.reply, piece)
    },
  }
}

function cutPiece(id: Uint8Array, { body, signature }: SignedReply, piece: number): DisputePiece {
  const { pieceBytes } = DISPUTE_LIMITS
  const pieces = Math.ceil(body.length / pieceBytes)
  if (piece >= pieces) throw unknown(`has ${pieces} pieces, and no piece ${piece}`)
  const bytes = body.slice(piece * pieceBytes, (piece + 1) * pieceBytes)
  return { type: 'dispute-piece', id, piece, pieces, bytes, signature }
}

function checkOwn(dispute: DisputeCase, id: Uint8Array, side: Side, own: Uint8Array): void {
  if (!equalBytes(dispute[side], own))
    throw new StarlingError('DISPUTE_NOT_MINE', `the ${side} of this case is another hotkey`)
  if (!equalBytes(id, caseDigest(dispute)))
    throw new StarlingError('DISPUTE_INVALID', 'the case is not what its id says')
}

function checkRoom(open: number): void {
  if (open >= MOST_OPEN)
    throw new StarlingError('DISPUTE_BUSY', `${open} disputes are open`, 'ask again later')
}

function unknown(what: string): StarlingError {
  return new StarlingError('DISPUTE_UNKNOWN', `the move ${what}`, 'open the dispute, and ask for the trace')
}
