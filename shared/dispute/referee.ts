import type { StepInputs } from '../inference/reference/inputs.ts'
import { type Step, stepName } from '../inference/reference/plan.ts'
import { hasCode, StarlingError } from '../process/errors.ts'
import { equalBytes } from '../proof/hash.ts'
import { leafHash } from '../proof/merkle.ts'
import { type DisputeReply, type DisputeRequest, disputeReplySchema } from '../protocol/dispute-messages.ts'
import { checkInputs, tileSize } from './opened-inputs.ts'
import { wirePins } from './pins.ts'
import { decodeFloats, type Statement, statementDigest } from './statement.ts'
import { nodeAt, nodeHash, type Path, type TraceNode, traceTree } from './tree.ts'

export const SIDES = ['challenger', 'defender'] as const
export type Side = (typeof SIDES)[number]
export type Both<T> = Readonly<Record<Side, T>>

/** What one pass over a statement is about. */
export interface Case {
  readonly statement: Statement
  readonly dispute: Uint8Array
  readonly tree: TraceNode
}

/** One operator to be re-run: what goes in, and what each side says comes out. */
export interface Quarrel {
  readonly step: Step
  readonly inputs: StepInputs
  readonly claims: Both<Float32Array>
}

/** What a side was heard to say, or why nothing was. */
export type Heard = { readonly said: unknown } | { readonly fault: string }

/** Roots of the traces that the sides stand by, where they said one. */
export type Roots = Partial<Both<Uint8Array>>

const FAULT = 'DISPUTE_FAULT'

/** What whoever asks a side rejects with, for a reason that is more than silence. */
export function disputeFault(what: string): StarlingError {
  return new StarlingError(FAULT, what)
}

/** Why a side was not heard, as a rejected `Ask` says it. */
export function faultOf(error: unknown): string {
  if (hasCode(error, FAULT)) return (error as StarlingError).message
  return error instanceof StarlingError ? `fell silent (${error.message})` : 'fell silent'
}

export type Phase =
  | { readonly at: 'commit' }
  | {
      readonly at: 'node'
      readonly path: Path
      readonly hashes: Both<Uint8Array>
      readonly roots: Both<Uint8Array>
    }
  | {
      readonly at: 'tile'
      readonly path: Path
      readonly hashes: Both<Uint8Array>
      readonly roots: Both<Uint8Array>
    }
  | { readonly at: 'weigh'; readonly quarrel: Quarrel; readonly roots: Both<Uint8Array> }
  | { readonly at: 'agreed'; readonly root: Uint8Array }
  | { readonly at: 'lost'; readonly losers: readonly Side[]; readonly reason: string; readonly roots: Roots }

export function openCase(statement: Statement): Case {
  return { statement, dispute: statementDigest(statement), tree: traceTree(statement.plan) }
}

/** What each side is asked in a phase; undefined where nobody is. */
export function requestsOf(
  { statement, dispute, tree }: Case,
  phase: Phase,
): Both<DisputeRequest> | undefined {
  switch (phase.at) {
    case 'commit':
      return alike({ type: 'trace-request', dispute, pins: wirePins(tree, statement.pins) })
    case 'node':
      return alike({ type: 'children-request', dispute, path: [...phase.path] })
    case 'tile': {
      const request = { type: 'tile-request' as const, dispute, path: [...phase.path] }
      return { challenger: { ...request, withInputs: true }, defender: { ...request, withInputs: false } }
    }
    default:
      return undefined
  }
}

/**
 * The next phase, given what was heard of both sides. Whoever is silent, malformed or at odds with its
 * own commitment loses at once; both may.
 */
export function advance(dispute: Case, phase: Phase, heard: Both<Heard>): Phase {
  switch (phase.at) {
    case 'commit':
      return commit(dispute, heard)
    case 'node':
      return descend(dispute, phase, heard)
    case 'tile':
      return open(dispute, phase, heard)
    default:
      return phase
  }
}

function commit(dispute: Case, heard: Both<Heard>): Phase {
  const { read, faults } = readBoth(dispute, heard, 'trace', () => undefined)
  const said = SIDES.flatMap((side) => (read[side] === undefined ? [] : [[side, read[side].root] as const]))
  if (!isWhole(read)) return lost(faults, Object.fromEntries(said))
  const roots = { challenger: read.challenger.root, defender: read.defender.root }
  if (equalBytes(roots.challenger, roots.defender)) return { at: 'agreed', root: roots.challenger }
  return below(dispute, [], roots, roots)
}

function descend(dispute: Case, phase: Extract<Phase, { at: 'node' }>, heard: Both<Heard>): Phase {
  const { path, hashes, roots } = phase
  const count = nodeAt(dispute.tree, path)!.children.length
  const { read, faults } = readBoth(dispute, heard, 'children', (reply, side) => {
    if (!equalPaths(reply.path, path)) return 'listed another node than it was asked for'
    if (reply.hashes.length !== count) return `listed ${reply.hashes.length} hashes where there are ${count}`
    return equalBytes(nodeHash(reply.hashes), hashes[side])
      ? undefined
      : 'listed hashes that it did not commit to'
  })
  if (!isWhole(read)) return lost(faults, roots)
  const { challenger, defender } = read
  // Both lists hash to different nodes, so they differ somewhere.
  const index = challenger.hashes.findIndex((hash, i) => !equalBytes(hash, defender.hashes[i]!))
  const next = { challenger: challenger.hashes[index]!, defender: defender.hashes[index]! }
  return below(dispute, [...path, index], next, roots)
}

function open(dispute: Case, phase: Extract<Phase, { at: 'tile' }>, heard: Both<Heard>): Phase {
  const { path, hashes, roots } = phase
  const { statement, tree } = dispute
  const step = nodeAt(tree, path)!.step!
  const size = tileSize(statement, step)
  const { read, faults } = readBoth(dispute, heard, 'tile', (reply, side) => {
    if (!equalPaths(reply.path, path)) return 'opened another tile than it was asked for'
    if (reply.values.length !== 4 * size || !equalBytes(leafHash(reply.values), hashes[side]))
      return `opened other values for ${stepName(step)} than it committed to`
    // Its bits could differ without end; a model of finite weights has none.
    if (decodeFloats(reply.values, size)!.some(Number.isNaN)) return `has no number at ${stepName(step)}`
    return side === 'challenger' && reply.inputs === undefined ? 'did not open the inputs' : undefined
  })
  if (!isWhole(read)) return lost(faults, roots)
  const checked = checkInputs(statement, tree, roots.challenger, step, read.challenger.inputs!)
  if ('fault' in checked) return lost([{ side: 'challenger', fault: checked.fault }], roots)
  const claims = {
    challenger: decodeFloats(read.challenger.values, size)!,
    defender: decodeFloats(read.defender.values, size)!,
  }
  return { at: 'weigh', quarrel: { step, inputs: checked.inputs, claims }, roots }
}

function below(dispute: Case, path: Path, hashes: Both<Uint8Array>, roots: Both<Uint8Array>): Phase {
  const at = nodeAt(dispute.tree, path)!.step === undefined ? 'node' : 'tile'
  return { at, path, hashes, roots }
}

type ReplyOf<K extends DisputeReply['type']> = Extract<DisputeReply, { type: K }>

type Faults = readonly { readonly side: Side; readonly fault: string }[]

/** The replies that are of the type, of this dispute and pass the check, and what is wrong with the others. */
function readBoth<K extends DisputeReply['type']>(
  { dispute }: Case,
  heard: Both<Heard>,
  type: K,
  check: (reply: ReplyOf<K>, side: Side) => string | undefined,
): { read: Partial<Both<ReplyOf<K>>>; faults: Faults } {
  const faults: { side: Side; fault: string }[] = []
  const read = (side: Side): ReplyOf<K> | undefined => {
    const reply = readReply(dispute, heard[side], type)
    const fault = 'fault' in reply ? reply.fault : check(reply, side)
    if (fault === undefined) return reply as ReplyOf<K>
    faults.push({ side, fault })
    return undefined
  }
  const [challenger, defender] = [read('challenger'), read('defender')]
  return {
    read: { ...(challenger && { challenger }), ...(defender && { defender }) } as Partial<Both<ReplyOf<K>>>,
    faults,
  }
}

/** A reply of that type in that dispute, or what is wrong with what was heard. */
export function readReply<K extends DisputeReply['type']>(
  dispute: Uint8Array,
  heard: Heard,
  type: K,
): ReplyOf<K> | { readonly fault: string } {
  if ('fault' in heard) return heard
  if (heard.said === undefined) return { fault: 'fell silent' }
  const { data } = disputeReplySchema.safeParse(heard.said)
  if (data?.type !== type) return { fault: 'sent something that is not the reply' }
  if (!equalBytes(data.dispute, dispute)) return { fault: 'replied about another dispute' }
  return data as ReplyOf<K>
}

function isWhole<T>(some: Partial<Both<T>>): some is Both<T> {
  return SIDES.every((side) => some[side] !== undefined)
}

function lost(faults: Faults, roots: Roots): Extract<Phase, { at: 'lost' }> {
  return {
    at: 'lost',
    losers: faults.map(({ side }) => side),
    reason: faults.map(({ side, fault }) => `the ${side} ${fault}`).join('; '),
    roots,
  }
}

function alike<T>(request: T): Both<T> {
  return { challenger: request, defender: request }
}

function equalPaths(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((index, i) => index === b[i])
}
