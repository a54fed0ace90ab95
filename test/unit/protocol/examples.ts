import type { Message } from '../../../shared/protocol/messages.ts'

const hash = (fill: number) => new Uint8Array(32).fill(fill)
const signature = new Uint8Array(64).fill(9)

/** One valid message of every type. */
export const EXAMPLES = {
  hello: {
    type: 'hello',
    version: 1,
    hotkey: hash(1),
    key: hash(12),
    signature,
  },
  offer: {
    type: 'offer',
    models: [{ name: 'small', hash: hash(2), executionClass: 'cpu-fp32/ort-1.30.0' }],
  },
  challenge: {
    type: 'challenge',
    id: hash(3),
    round: 7,
    prompt: 'Rechne 12 + 7 ✓',
    model: hash(2),
    sampling: { temperature: 0.7, topK: 0, topP: 1, maxTokens: 128 },
    deadlineMs: 20_000,
  },
  commit: { type: 'commit', id: hash(3), digest: hash(4), signature },
  'reveal-request': { type: 'reveal-request', id: hash(3), beacon: hash(10) },
  reveal: {
    type: 'reveal',
    id: hash(3),
    tokens: [0, 258, 65_535],
    text: 'The result is 19.',
    salt: hash(6),
    openings: [{ index: 0, sketches: new Float32Array(16).fill(-0.5), path: [hash(11)] }],
    finish: 'stop',
    executionClass: 'cpu-fp32/ort-1.30.0',
    model: hash(2),
  },
  judge: {
    type: 'judge',
    id: hash(3),
    round: 7,
    prompt: 'p',
    answers: ['a', ''],
    method: 'prompted',
    temperature: 0.3,
    maxTokens: 100,
    deadlineMs: 60_000,
  },
  'verdict-commit': { type: 'verdict-commit', id: hash(3), digest: hash(7), signature },
  'verdict-request': { type: 'verdict-request', id: hash(3) },
  verdict: {
    type: 'verdict',
    id: hash(3),
    given: { method: 'likelihood', scores: [-12.5, -0] },
    salt: hash(8),
  },
  receipt: {
    type: 'receipt',
    round: 7,
    row: new Uint8Array([123, 125]),
    index: 3,
    count: 9,
    path: [hash(1), hash(2)],
    root: hash(5),
    signature,
  },
  ack: { type: 'ack' },
  'dispute-open': {
    type: 'dispute-open',
    id: hash(12),
    case: {
      validator: hash(13),
      challenger: hash(13),
      defender: hash(1),
      challenge: hash(3),
      prompt: 'Rechne 12 + 7 ✓',
      model: hash(2),
      executionClass: 'cpu-fp32/ort-1.30.0',
      sampling: { temperature: 0.7, topK: 0, topP: 1, maxTokens: 128 },
      tokens: [0, 258],
      finish: 'length',
      salt: hash(6),
      sketchRoot: hash(5),
      signature,
      position: 1,
    },
  },
  'dispute-move': {
    type: 'dispute-move',
    id: hash(12),
    move: { type: 'trace-request', dispute: hash(14), pins: [{ path: [0, 7], element: 3, value: -0.5 }] },
    piece: 0,
  },
  'dispute-piece': {
    type: 'dispute-piece',
    id: hash(12),
    piece: 1,
    pieces: 2,
    bytes: new Uint8Array([1, 2, 3]),
    signature,
  },
  refusal: { type: 'refusal', code: 'BUSY', message: 'try later' },
} as const satisfies { readonly [K in Message['type']]: unknown }

export const REQUEST_TYPES = [
  'challenge',
  'reveal-request',
  'judge',
  'verdict-request',
  'receipt',
  'dispute-open',
  'dispute-move',
] as const

/** The example of that type, as mutable data of its own. */
export function example<K extends Message['type']>(type: K): Extract<Message, { type: K }> {
  return structuredClone(EXAMPLES[type]) as unknown as Extract<Message, { type: K }>
}
