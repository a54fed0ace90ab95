import { type Finding, failure, type Looked, ok, warning } from '../finding.ts'

export interface ChainFacts {
  /** `starling/3`. */
  readonly runtime: string
  readonly genesisHash: string
  /** What the operator or the network's name asks for; undefined where any is taken. */
  readonly expectedGenesis: string | undefined
  /** Milliseconds of one request. */
  readonly latencyMs: number
  /** Why this software would write nothing to that runtime. */
  readonly writesStopped: string | undefined
  readonly head: HeadFacts
}

/** The newest block, as it came or as it stood where none came while the doctor waited. */
export interface HeadFacts {
  readonly number: number
  /** Milliseconds since 1970 by the author's clock; undefined where the chain tells no time. */
  readonly madeAt: number | undefined
  /** Milliseconds since 1970 by this machine's, when the block was seen. */
  readonly seenAt: number
  /** False where no block came while the doctor waited. */
  readonly isNew: boolean
  readonly waitedMs: number
  /** Milliseconds a block, by the chain's own clock; undefined where it is too young to tell. */
  readonly blockMs: number | undefined
}

const SLOW_MS = 1_000
/** A signed upgrade may lie this far in the future, and be this old, before miners refuse it. */
const AHEAD_MS = 2_000
const BEHIND_MS = 10_000
/** Blocks that a node shows late, as it waits until they are final. */
const FINALITY_BLOCKS = 4
const USUAL_BLOCK_MS = 12_000

export function checkChain(looked: Looked<ChainFacts>): Finding[] {
  const name = 'chain'
  if (!('value' in looked))
    return [failure(name, looked.error, looked.remedy ?? 'check --subtensor.chain_endpoint')]
  const facts = looked.value
  return [latencyFinding(facts), genesisFinding(facts), runtimeFinding(facts), ...headFindings(facts.head)]
}

function latencyFinding({ latencyMs }: ChainFacts): Finding {
  const found = `answers in ${Math.round(latencyMs)} ms`
  if (latencyMs < SLOW_MS) return ok('chain', found)
  return warning('chain', found, 'use a node nearer by, or one of your own')
}

function genesisFinding({ genesisHash, expectedGenesis }: ChainFacts): Finding {
  const short = `${genesisHash.slice(0, 18)}…`
  if (expectedGenesis !== undefined) return ok('genesis', `${short}, as expected`)
  return ok('genesis', `${short}; any is taken: --subtensor.genesis_hash would hold it to this one`)
}

function runtimeFinding({ runtime, writesStopped }: ChainFacts): Finding {
  if (writesStopped === undefined) return ok('runtime', `${runtime}, and this version knows its calls`)
  return failure('runtime', writesStopped, 'update this software: until then it only reads')
}

function headFindings(head: HeadFacts): Finding[] {
  const { number, isNew, waitedMs, madeAt, seenAt } = head
  const age = madeAt === undefined ? '' : `, made ${seconds(seenAt - madeAt)} ago`
  if (!isNew) {
    const found = `no new block in ${seconds(waitedMs)}; the newest is ${number}${age}`
    return [failure('head', found, 'the node stands still, or the chain does: try another endpoint')]
  }
  return [ok('head', `block ${number} came while I looked`), clockFinding(head)]
}

/** A block cannot come before it is made, nor much later than it takes to be final. */
function clockFinding({ madeAt, seenAt, blockMs = USUAL_BLOCK_MS }: HeadFacts): Finding {
  const name = 'clock'
  if (madeAt === undefined) return ok(name, 'the chain tells no time to compare with')
  const late = seenAt - madeAt
  const remedy = 'set this machine’s clock by NTP: timedatectl set-ntp true'
  if (late < -AHEAD_MS) return failure(name, `${seconds(-late)} behind the chain’s, at least`, remedy)
  const most = BEHIND_MS + FINALITY_BLOCKS * blockMs
  if (late > most) {
    const found = `the newest block seems ${seconds(late)} old as it comes: the clock is ahead, or the node is behind`
    return failure(name, found, remedy)
  }
  return ok(name, `a block is ${seconds(Math.max(0, late))} old as it comes: no skew to be seen`)
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
