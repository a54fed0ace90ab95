/**
 * Every bound of the wire in one place. `MESSAGE_LIMITS` belong to the protocol: both sides refuse what exceeds them, so
 * changing one is a new protocol version. `SESSION_LIMITS` are defaults that an operator may change alone.
 */
export const MESSAGE_LIMITS = {
  /** Bytes of one frame, either way; a record may be larger by 20. It also bounds what one malformed frame can cost. */
  frameBytes: 256 * 1024,
  /** Maps and arrays inside of each other. The deepest message (reveal: frame, body, sketches, openings, opening, path) has 6. */
  nesting: 8,
  /** Entries of one map or array. The longest list in a message (answers to judge) has 32. */
  entries: 64,
  /** UTF-8 bytes of a prompt. */
  promptBytes: 16 * 1024,
  /** Tokens of one answer. */
  answerTokens: 4096,
  /** UTF-8 bytes of one answer. A judge request must fit into a frame with all of its answers, too. */
  answerBytes: 32 * 1024,
  /** Answers that one judge request compares. */
  judgedAnswers: 32,
  /** Verdicts of one judge on so many answers; see `pairSchedule`. */
  verdicts: 94,
  /** Tokens of one verdict. */
  verdictTokens: 128,
  /** Models that a miner offers. */
  models: 8,
  /** ASCII characters of a model's name and of an execution class. */
  nameChars: 64,
  /** Characters of the text in a refusal. */
  refusalChars: 200,
  /** Bytes of one row of a round's results. */
  rowBytes: 4096,
  /** Leaves that are opened of one answer. */
  openedLeaves: 2,
  /** Bytes of the sketches in one leaf: four positions of eight f32. */
  leafSketchBytes: 128,
  /** Hashes of a Merkle path: enough for 2^32 rows. */
  pathHashes: 32,
  /** Milliseconds that a challenge, or its judging, may give a miner. */
  deadlineMs: 600_000,
} as const

/** Bounds of a dispute's messages, part of the protocol as well. */
export const DISPUTE_LIMITS = {
  /** Children of a node of the tree over a trace, and so hashes that one message of the bisection lists. */
  fanout: 8,
  /** Levels of that tree: enough for 2^48 tiles. */
  depth: 16,
  /** Roundings that may be settled before the sides run again; see `MOST_STRIKES`. */
  pins: 12,
  /** Bytes of a reply, which travels in pieces. A tile of `base` and all that it is computed from have 232,000. */
  replyBytes: 1024 * 1024,
  /** Bytes of one piece: a frame less its head. */
  pieceBytes: 192 * 1024,
  /** Entries of one list in a reply. */
  entries: 1024,
  /** Bytes of one tile. */
  tileBytes: 512 * 1024,
  /** Hashes of a path in the tree over the weights. */
  weightPath: 32,
  /** Milliseconds for a run of the answer in the reference class. `base` takes 4 s of CPU time for 512 tokens. */
  traceMs: 300_000,
  /** Milliseconds for every other move. */
  moveMs: 30_000,
} as const

export interface SessionLimits {
  /** Bytes of one frame. Never above `MESSAGE_LIMITS.frameBytes`. */
  readonly frameBytes: number
  /** Milliseconds from the first byte of a connection to the end of its handshake. */
  readonly handshakeMs: number
  /** Bytes of all headers of the upgrade request. */
  readonly headerBytes: number
  /** Connections of one hotkey. More than one, so that a validator that restarts need not wait for its dead socket. */
  readonly connectionsPerHotkey: number
  /** Authenticated connections of one axon. */
  readonly connections: number
  /** Sockets of one axon, authenticated or not. */
  readonly sockets: number
  /** Upgrade attempts that one address may make a minute. */
  readonly upgradesPerMinute: number
  /** Addresses whose attempts are counted at once. */
  readonly countedAddresses: number
  /** Requests of one session that are under way at once; a miner answers BUSY to more. */
  readonly requestsInFlight: number
  /** Requests that a validator gave up on while it still takes their late replies. */
  readonly abandonedRequests: number
  /** Milliseconds between two pings. */
  readonly pingMs: number
  /** Pings in a row that may stay unanswered before the connection counts as dead. */
  readonly missedPings: number
  /** Pings and pongs that one connection may send a minute; twelve of each are usual. */
  readonly controlFramesPerMinute: number
  /** Bytes that wait for a slow reader, sealed or not, before it loses the connection. */
  readonly bufferedBytes: number
  /** Milliseconds that a peer has to answer our close before its socket is destroyed. */
  readonly closeMs: number
  /** Milliseconds that a signed upgrade may be old (btauth/1). */
  readonly maxAgeMs: number
  /** Milliseconds that a signed upgrade may lie in the future (btauth/1). */
  readonly maxSkewMs: number
  /** Nonces kept against replay; when full of fresh ones, upgrades are refused, never forgotten. */
  readonly nonces: number
}

export const SESSION_LIMITS: SessionLimits = {
  frameBytes: MESSAGE_LIMITS.frameBytes,
  handshakeMs: 5_000,
  headerBytes: 8 * 1024,
  connectionsPerHotkey: 2,
  connections: 256,
  sockets: 512,
  upgradesPerMinute: 120,
  countedAddresses: 4096,
  requestsInFlight: 64,
  abandonedRequests: 64,
  pingMs: 5_000,
  missedPings: 2,
  controlFramesPerMinute: 240,
  bufferedBytes: 1024 * 1024,
  closeMs: 1_000,
  maxAgeMs: 10_000,
  maxSkewMs: 2_000,
  nonces: 65_536,
}
