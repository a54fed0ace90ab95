import { below, pick, type Random } from '../../../../shared/inference/random.ts'
import type { Message, MinerMessage, Request } from '../../../../shared/protocol/messages.ts'

/** Valid requests, one of each type, of random size. */
export function requestsOf(random: Random): Request[] {
  const id = bytes(random, 32)
  const common = {
    id,
    round: below(random, 2 ** 32),
    prompt: words(random, 200),
    deadlineMs: 1 + below(random, 9_000),
  }
  const sampling = {
    temperature: random(),
    topK: below(random, 64),
    topP: 1,
    maxTokens: 1 + below(random, 160),
  }
  const answers = Array.from({ length: 2 + below(random, 10) }, () => words(random, 80))
  const dispute = bytes(random, 32)
  return [
    { type: 'challenge', ...common, model: bytes(random, 32), sampling },
    { type: 'reveal-request', id, beacon: bytes(random, 32) },
    { type: 'judge', ...common, answers, method: 'prompted', temperature: 0.5, maxTokens: 100 },
    { type: 'verdict-request', id },
    {
      ...{ type: 'receipt', round: 7, row: bytes(random, 300), index: 1, count: 9 },
      ...{ path: hashes(random, 4), root: bytes(random, 32), signature: bytes(random, 64) },
    },
    { type: 'dispute-open', id, case: disputeCase(random) },
    {
      ...{ type: 'dispute-move', id, piece: below(random, 4) },
      move: pick(random, [
        { type: 'trace-request', dispute, pins: [{ path: [0, 7, 3], element: 3, value: random() }] },
        { type: 'children-request', dispute, path: [1, 2] },
        { type: 'tile-request', dispute, path: [1, 2, 3], withInputs: true },
        { type: 'logits-request', dispute, chunk: 5 },
      ]),
    },
  ]
}

/** The same of what miners send. */
export function repliesOf(random: Random): MinerMessage[] {
  const [id, signature] = [bytes(random, 32), bytes(random, 64)]
  const tokens = Array.from({ length: 1 + below(random, 160) }, () => below(random, 60_000))
  const models = [{ name: 'small', hash: id, executionClass: 'cpu-fp32/ort-1.30.0' }]
  return [
    { type: 'offer', models },
    { type: 'commit', id, digest: bytes(random, 32), signature },
    {
      ...{ type: 'reveal', id, tokens, text: words(random, 300), salt: bytes(random, 32) },
      openings: [{ index: 3, sketches: new Float32Array(16).fill(random()), path: hashes(random, 5) }],
      ...{ finish: 'stop', executionClass: 'cpu-fp32/ort-1.30.0', model: bytes(random, 32) },
    },
    { type: 'verdict-commit', id, digest: bytes(random, 32), signature },
    {
      type: 'verdict',
      id,
      salt: bytes(random, 32),
      given: { method: 'likelihood', scores: [-12.5, -0, random()] },
    },
    {
      ...{ type: 'verdict', id, salt: bytes(random, 32) },
      given: { method: 'prompted', verdicts: [tokens.slice(0, 100), [], [1, 2, 3]] },
    },
    { type: 'ack' },
    { type: 'dispute-piece', id, piece: 1, pieces: 2, bytes: bytes(random, 600), signature },
    { type: 'refusal', code: 'BUSY', message: 'try later' },
  ]
}

function disputeCase(random: Random): Extract<Message, { type: 'dispute-open' }>['case'] {
  const hash = () => bytes(random, 32)
  return {
    ...{ validator: hash(), challenger: hash(), defender: hash(), challenge: hash(), model: hash() },
    ...{
      prompt: words(random, 100),
      executionClass: 'cpu-fp32/ort-1.30.0',
      tokens: [0, 258],
      finish: 'length',
    },
    sampling: { temperature: 0.7, topK: 0, topP: 1, maxTokens: 128 },
    ...{ salt: hash(), sketchRoot: hash(), signature: bytes(random, 64), position: 1 },
  }
}

function words(random: Random, most: number): string {
  const alphabet = ['a', 'ß', '✓', ' ', '12', '\n', '😀']
  return Array.from({ length: 1 + below(random, most) }, () => pick(random, alphabet)).join('')
}

function bytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256))
}

function hashes(random: Random, count: number): Uint8Array[] {
  return Array.from({ length: count }, () => bytes(random, 32))
}
