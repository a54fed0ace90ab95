import { type Limit, MESSAGE_LIMIT_TABLE } from './limit-tables.ts'

const KIB = 1024
const limit = (value: number, unit: string, why: string, beyond: string): Limit => ({
  ...{ value, unit, why, beyond },
})

/** Of one listener (an axon or a gate) and its connections. Each side may choose its own; nothing on the wire tells them. */
export const SESSION_LIMIT_TABLE = {
  frameBytes: limit(
    MESSAGE_LIMIT_TABLE.frameBytes.value,
    'bytes',
    'One frame; never above the protocol’s own bound.',
    'the connection ends, `OVERSIZED_FRAME`',
  ),
  handshakeMs: limit(
    5_000,
    'ms',
    'From the first byte of a connection to the end of its handshake, offer and first ping included.',
    'the socket is destroyed; a byte a second gets no further',
  ),
  headerBytes: limit(8 * KIB, 'bytes', 'All headers of the upgrade request.', 'the socket is destroyed'),
  sockets: limit(
    512,
    'sockets',
    'Of one listener, authenticated or not.',
    'the oldest at its handshake gives way to a new one',
  ),
  connectionsPerAddress: limit(
    128,
    'sockets',
    'Of one address, a quarter of all; an IPv6 address counts with its whole /64. Behind a proxy all come from one: 64 validators with two each still fit.',
    'a new one is closed at once',
  ),
  upgradesPerMinute: limit(
    120,
    'a minute',
    'Upgrade attempts of one address (IPv6: of one /64), before any signature is checked.',
    '429 `TOO_MANY_ATTEMPTS`',
  ),
  countedAddresses: limit(
    4096,
    'addresses',
    'Whose attempts are counted at once.',
    'the one that was used longest ago is forgotten: the likeliest to be at full credit again',
  ),
  connections: limit(256, 'connections', 'Authenticated, of one listener.', '503 `AXON_FULL`'),
  connectionsPerHotkey: limit(
    2,
    'connections',
    'More than one, so that whoever restarts need not wait for its dead socket.',
    '429 `TOO_MANY_CONNECTIONS`',
  ),
  requestsInFlight: limit(
    64,
    'requests',
    'Of one session that are under way at once.',
    'the miner answers `BUSY`; the validator sends no more (`QUEUE_FULL`)',
  ),
  requestBytes: limit(
    1280 * KIB,
    'bytes',
    'The frames of the requests under way in one session: 64 with the longest prompts fit.',
    'the miner answers `BUSY`',
  ),
  requestsPerMinute: limit(
    6_000,
    'a minute',
    'Requests of one hotkey, however it reconnects. A round of 1,024 challenges asks a miner 2,049 times.',
    'the miner answers `BUSY`; beyond twice as many the connection ends, `TOO_MANY_REQUESTS`',
  ),
  abandonedRequests: limit(
    64,
    'requests',
    'That a validator gave up on while it still takes their late replies.',
    'the connection ends, `TOO_MANY_UNANSWERED`',
  ),
  bufferedBytes: limit(
    1024 * KIB,
    'bytes',
    'Sealed or not, that wait for a slow reader.',
    'the connection ends, `SLOW_READER`, and what waited is freed',
  ),
  pingMs: limit(5_000, 'ms', 'From one ping to the next.', '–'),
  missedPings: limit(
    2,
    'pings',
    'In a row that may stay unanswered: a half-open socket is known after 10 to 15 s.',
    'the connection ends, `NO_PONG`',
  ),
  controlFramesPerMinute: limit(
    240,
    'a minute',
    'Pings and pongs of one connection; twelve of each are usual.',
    'the connection ends, `TOO_MANY_PINGS`',
  ),
  closeMs: limit(1_000, 'ms', 'That a peer has to answer our close.', 'its socket is destroyed'),
  maxAgeMs: limit(10_000, 'ms', 'That a signed upgrade may be old (btauth/1).', '401 `AUTH_STALE`'),
  maxSkewMs: limit(2_000, 'ms', 'That it may lie in the future (btauth/1).', '401 `AUTH_STALE`'),
  nonces: limit(
    65_536,
    'nonces',
    'Kept against replay. A hotkey adds one for each upgrade that it signed.',
    '503 `AXON_FULL`: upgrades are refused, nonces never forgotten',
  ),
} as const satisfies Readonly<Record<string, Limit>>
