/** A bound, and all that docs/limits.md says of it. */
export interface Limit {
  readonly value: number
  readonly unit: string
  readonly why: string
  /** What becomes of whatever goes beyond it. */
  readonly beyond: string
}

const limit = (value: number, unit: string, why: string, beyond: string): Limit => ({
  value,
  unit,
  why,
  beyond,
})

const KIB = 1024
const MALFORMED = 'the connection ends, `MALFORMED_FRAME`; nobody can send it by accident'

/** Part of the protocol: both sides refuse what exceeds them, so that changing one is a new protocol version. */
export const MESSAGE_LIMIT_TABLE = {
  frameBytes: limit(
    256 * KIB,
    'bytes',
    'One frame, either way. It also bounds what one malformed frame can cost; a record may be larger by 20.',
    'the connection ends, `OVERSIZED_FRAME`, before the frame is read',
  ),
  nesting: limit(
    8,
    'levels',
    'Maps and arrays inside of each other. The deepest message (reveal: frame, body, openings, opening, path) has 6.',
    MALFORMED,
  ),
  entries: limit(
    64,
    'entries',
    'One map or array. The longest list in a message (answers to judge) has 32.',
    MALFORMED,
  ),
  promptBytes: limit(16 * KIB, 'UTF-8 bytes', 'A prompt.', MALFORMED),
  answerTokens: limit(4096, 'tokens', 'One answer.', MALFORMED),
  answerBytes: limit(
    32 * KIB,
    'UTF-8 bytes',
    'One answer. A judge request must fit into a frame with all of its answers, too.',
    MALFORMED,
  ),
  judgedAnswers: limit(32, 'answers', 'What one judge request compares.', MALFORMED),
  verdicts: limit(94, 'verdicts', 'Of one judge on so many answers: all its pairs, both ways.', MALFORMED),
  verdictTokens: limit(128, 'tokens', 'One verdict.', MALFORMED),
  models: limit(8, 'models', 'What a miner offers.', MALFORMED),
  nameChars: limit(64, 'ASCII characters', 'A model’s name, an execution class.', MALFORMED),
  refusalChars: limit(200, 'characters', 'The text in a refusal, which ends up in a log.', MALFORMED),
  rowBytes: limit(4096, 'bytes', 'One row of a round’s results.', MALFORMED),
  openedLeaves: limit(2, 'leaves', 'What is opened of one answer.', MALFORMED),
  leafSketchBytes: limit(128, 'bytes', 'The sketches in one leaf: four positions of eight f32.', MALFORMED),
  pathHashes: limit(32, 'hashes', 'A Merkle path: enough for 2^32 rows.', MALFORMED),
  deadlineMs: limit(600_000, 'ms', 'What a challenge, or its judging, may give a miner.', MALFORMED),
} as const satisfies Readonly<Record<string, Limit>>

/** Of a dispute's messages; part of the protocol as well. */
export const DISPUTE_LIMIT_TABLE = {
  fanout: limit(
    8,
    'children',
    'Of a node of the tree over a trace, and so hashes that one message of the bisection lists.',
    MALFORMED,
  ),
  depth: limit(16, 'levels', 'Of that tree: enough for 2^48 tiles.', MALFORMED),
  pins: limit(
    12,
    'pins',
    'Roundings that may be settled before the sides run again; see `MOST_STRIKES`.',
    MALFORMED,
  ),
  replyBytes: limit(
    1024 * KIB,
    'bytes',
    'A reply, which travels in pieces. A tile of `base` and all that it is computed from have 232,000.',
    'the side has not answered',
  ),
  pieceBytes: limit(192 * KIB, 'bytes', 'One piece: a frame less its head.', MALFORMED),
  entries: limit(1024, 'entries', 'One list in a reply.', 'the side has not answered'),
  tileBytes: limit(512 * KIB, 'bytes', 'One tile.', 'the side has not answered'),
  weightPath: limit(32, 'hashes', 'A path in the tree over the weights.', 'the side has not answered'),
  traceMs: limit(
    300_000,
    'ms',
    'A run of the answer in the reference class. `base` takes 4 s of CPU time for 512 tokens.',
    'the side has not answered',
  ),
  moveMs: limit(30_000, 'ms', 'Every other move.', 'the side has not answered'),
} as const satisfies Readonly<Record<string, Limit>>
