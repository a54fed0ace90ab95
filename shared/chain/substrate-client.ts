import { type Clock, systemClock } from '../process/clock.ts'
import { type Log, silentLog } from '../process/logging.ts'
import type { ChainAdmin, ChainClient } from './chain-client.ts'
import type { ExpectedChain } from './substrate/chain-info.ts'
import { createOperations } from './substrate/operations.ts'
import { openSession } from './substrate/session.ts'
import { createSubmitter } from './substrate/submit.ts'
import { SILENCE_LIMITS, type SilenceLimits } from './substrate/watchdog.ts'

const REQUEST_TIMEOUT_MS = 15_000
const STILL_MS = 120_000
const PING_MS = 10_000

export interface ConnectOptions {
  /** ws:// or wss:// addresses of nodes of one chain; one is used at a time, the others when it fails. */
  endpoint: string | readonly string[]
  log?: Log
  /** What the chain must be; an endpoint with anything else is not used. */
  expected?: ExpectedChain
  /** Deadline of one request to one node, in milliseconds. A read that fails with a node is asked of one more. */
  timeoutMs?: number
  /** Milliseconds without a new block after which a transaction’s outcome is given up. */
  inclusionTimeoutMs?: number
  /** Milliseconds between two pings of the socket. */
  pingMs?: number
  /** How long a node may bring no new block before another is asked. */
  silence?: SilenceLimits
  clock?: Clock
  /** 0 to 1; spreads reconnections. */
  random?: () => number
  /** Told of every endpoint that is taken into use, from the first on. */
  onEndpoint?: (endpoint: string) => void
}

/**
 * Connects to the first endpoint that is the expected chain, and stays connected: to the next one when a node dies, falls
 * silent or turns out to be another chain, and across runtime upgrades. A runtime that this client does not know can be
 * read, but not written to.
 *
 * Throws `CHAIN_UNREACHABLE`, `CHAIN_WRONG`, `CHAIN_TIMEOUT` or `CHAIN_INCOMPATIBLE`, naming every endpoint that cannot be
 * used and why.
 */
export async function connectChain(options: ConnectOptions): Promise<ChainClient & ChainAdmin> {
  const { endpoint, log = silentLog() } = options
  const session = await openSession({
    endpoints: typeof endpoint === 'string' ? [endpoint] : endpoint,
    expected: options.expected ?? {},
    timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
    pingMs: options.pingMs ?? PING_MS,
    silence: options.silence ?? SILENCE_LIMITS,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    onEndpoint: options.onEndpoint ?? (() => {}),
    log,
  })
  return createOperations({
    get api() {
      return session.runtime().api
    },
    get chainType() {
      return session.runtime().chainType
    },
    connection: session.connection,
    heads: session.heads,
    submitter: createSubmitter(session, options.inclusionTimeoutMs ?? STILL_MS, log),
    writesStopped: () => session.runtime().stopReason,
    close: () => session.close(),
  })
}
