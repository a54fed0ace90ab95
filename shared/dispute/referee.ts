import type { StepInputs } from '../inference/reference/inputs.ts'
import { type Step, stepName } from '../inference/reference/plan.ts'
import { equalBytes } from '../proof/hash.ts'
import { leafHash } from '../proof/merkle.ts'
import { type DisputeReply, type DisputeRequest, disputeReplySchema } from './messages.ts'
import { checkInputs, tileSize } from './opened-inputs.ts'
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
  | { readonly at: 'weigh'; readonly quarrel: Quarrel }
  | { readonly at: 'agreed'; readonly root: Uint8Array }
  | { readonly at: 'lost'; readonly losers: readonly Side[]; readonly reason: string }

export function openCase(statement: Statement): Case {
  return { statement, dispute: statementDigest(statement), tree: traceTree(statement.plan) }
}

/** What each side is asked in a phase; undefined where nobody is. */
export function requestsOf({ statement, dispute }: Case, phase: Phase): Both<DisputeRequest> | undefined {
  switch (phase.at) {
    case 'commit':
      return alike({ type: 'trace-request', dispute, pins: [...statement.pins] })
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
 * The next phase, given both replies as they came, `undefined` for silence. Whoever is silent, malformed or at odds with its
 * own commitment loses at once; both may.
 */
export function advance(dispute: Case, phase: Phase, replies: Both<unknown>): Phase {
  switch (phase.at) {
    case 'commit':
      return commit(dispute, replies)
    case 'node':
      return descend(dispute, phase, replies)
    case 'tile':
      return open(dispute, phase, replies)
    default:
      return phase
  }
}

function commit(dispute: Case, replies: Both<unknown>): Phase {
  const read = readBoth(dispute, replies, 'trace', () => undefined)
  if ('at' in read) return read
  const roots = { challenger: read.challenger.root, defender: read.defender.root }
  if (equalBytes(roots.challenger, roots.defender)) return { at: 'agreed', root: roots.challenger }
  return below(dispute, [], roots, roots)
}

function descend(dispute: Case, phase: Extract<Phase, { at: 'node' }>, replies: Both<unknown>): Phase {
  const { path, hashes, roots } = phase
  const count = nodeAt(dispute.tree, path)!.children.length
  const read = readBoth(dispute, replies, 'children', (reply, side) => {
    if (!equalPaths(reply.path, path)) return 'listed another node than it was asked for'
    if (reply.hashes.length !== count) return `listed ${reply.hashes.length} hashes where there are ${count}`
    return equalBytes(nodeHash(reply.hashes), hashes[side])
      ? undefined
      : 'listed hashes that it did not commit to'
  })
  if ('at' in read) return read
  const { challenger, defender } = read
  // Both lists hash to different nodes, so they differ somewhere.
  const index = challenger.hashes.findIndex((hash, i) => !equalBytes(hash, defender.hashes[i]!))
  const next = { challenger: challenger.hashes[index]!, defender: defender.hashes[index]! }
  return below(dispute, [...path, index], next, roots)
}

function open(dispute: Case, phase: Extract<Phase, { at: 'tile' }>, replies: Both<unknown>): Phase {
  const { path, hashes, roots } = phase
  const { statement, tree } = dispute
  const step = nodeAt(tree, path)!.step!
  const size = tileSize(statement, step)
  const read = readBoth(dispute, replies, 'tile', (reply, side) => {
    if (!equalPaths(reply.path, path)) return 'opened another tile than it was asked for'
    if (reply.values.length !== 4 * size || !equalBytes(leafHash(reply.values), hashes[side]))
      return `opened other values for ${stepName(step)} than it committed to`
    // Its bits could differ without end; a model of finite weights has none.
    if (decodeFloats(reply.values, size)!.some(Number.isNaN)) return `has no number at ${stepName(step)}`
    return side === 'challenger' && reply.inputs === undefined ? 'did not open the inputs' : undefined
  })
  if ('at' in read) return read
  const checked = checkInputs(statement, tree, roots.challenger, step, read.challenger.inputs!)
  if ('fault' in checked) return lost([{ side: 'challenger', fault: checked.fault }])
  const claims = {
    challenger: decodeFloats(read.challenger.values, size)!,
    defender: decodeFloats(read.defender.values, size)!,
  }
  return { at: 'weigh', quarrel: { step, inputs: checked.inputs, claims } }
}

function below(dispute: Case, path: Path, hashes: Both<Uint8Array>, roots: Both<Uint8Array>): Phase {
  const at = nodeAt(dispute.tree, path)!.step === undefined ? 'node' : 'tile'
  return { at, path, hashes, roots }
}

type ReplyOf<K extends DisputeReply['type']> = Extract<DisputeReply, { type: K }>

/** Both replies if both are of the type, of this dispute and pass the check; otherwise who loses. */
function readBoth<K extends DisputeReply['type']>(
  { dispute }: Case,
  replies: Both<unknown>,
  type: K,
  check: (reply: ReplyOf<K>, side: Side) => string | undefined,
): Both<ReplyOf<K>> | Extract<Phase, { at: 'lost' }> {
  const faults: { side: Side; fault: string }[] = []
  const read = (side: Side): ReplyOf<K> | undefined => {
    const blame = (fault: string) => {
      faults.push({ side, fault })
      return undefined
    }
    if (replies[side] === undefined) return blame('fell silent')
    const parsed = disputeReplySchema.safeParse(replies[side])
    if (!parsed.success || parsed.data.type !== type) return blame('sent something that is not the reply')
    if (!equalBytes(parsed.data.dispute, dispute)) return blame('replied about another dispute')
    const reply = parsed.data as ReplyOf<K>
    const fault = check(reply, side)
    return fault === undefined ? reply : blame(fault)
  }
  const [challenger, defender] = [read('challenger'), read('defender')]
  return challenger === undefined || defender === undefined ? lost(faults) : { challenger, defender }
}

function lost(faults: readonly { side: Side; fault: string }[]): Extract<Phase, { at: 'lost' }> {
  return {
    at: 'lost',
    losers: faults.map(({ side }) => side),
    reason: faults.map(({ side, fault }) => `the ${side} ${fault}`).join('; '),
  }
}

function alike<T>(request: T): Both<T> {
  return { challenger: request, defender: request }
}

function equalPaths(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((index, i) => index === b[i])
}
