import { expect, it } from 'vitest'
import { caseDigest } from '../../../shared/dispute/case.ts'
import { replyMessage } from '../../../shared/dispute/signed-reply.ts'
import { type Statement, statementDigest } from '../../../shared/dispute/statement.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { toHex } from '../../../shared/proof/hash.ts'
import type { DisputeCase, DisputeRequest } from '../../../shared/protocol/dispute-messages.ts'

const bytes = (fill: number) => new Uint8Array(32).fill(fill)

/** As in the vectors of docs/protocol.md; what is new here is 8 (challenger), 9 (root over sketches) and 10 (over tiles). */
const dispute: DisputeCase = {
  validator: bytes(2),
  challenger: bytes(8),
  defender: bytes(4),
  challenge: bytes(3),
  prompt: 'Say hi.',
  model: bytes(5),
  executionClass: 'cpu-fp32/ort-1.30.0',
  sampling: { temperature: 0.7, topK: 2, topP: 0.5, maxTokens: 160 },
  tokens: [72, 105, 33, 32, 58, 257],
  finish: 'stop',
  salt: bytes(6),
  sketchRoot: bytes(9),
  signature: new Uint8Array(64),
  position: 3,
}
const architecture = {
  ...{ vocabularySize: 259, contextLength: 512, width: 64, layers: 2, heads: 4, kvHeads: 2 },
  ...{ feedForward: 172, ropeBase: 10_000, normEpsilon: 1e-5 },
}
const statement: Statement = {
  subject: caseDigest(dispute),
  model: dispute.model,
  weightsRoot: bytes(10),
  plan: {
    architecture,
    layout: { positionsPerChunk: 32, columnsPerTile: 64 },
    tokens: [...bytesCodec.encodePrompt(dispute.prompt), ...dispute.tokens.slice(0, -1)],
  },
  pins: [{ step: { chunk: 0, block: 1, operator: 'gate', tile: 2 }, element: 7, value: -0.5 }],
}

// Computed apart from this code, in Python from the formulas of docs/protocol.md.
it('a case and a statement have these digests', () => {
  expect(toHex(caseDigest(dispute))).toBe(
    '0x0d85927ae3b8d3c1fe74d38134de5468bf137e1dfbfb74deb068845d575eaead',
  )
  expect(toHex(statementDigest(statement))).toBe(
    '0x449e6f841e95d5509ec4781de44a7f882ff99c694c4b757ed22fdf9fa69123b0',
  )
})

const digest = statementDigest(statement)
it.each<[DisputeRequest, string]>([
  [
    { type: 'trace-request', dispute: digest, pins: [] },
    '25d846f8848c13e65362b3afb37e7b374218ff92b2614a59087b913198c51e17',
  ],
  [
    { type: 'children-request', dispute: digest, path: [0, 7] },
    'a5b319bdc0a3de29f989d6967f04d5dcf57f7ad3dc0f5df5646c18b77bce8321',
  ],
  [
    { type: 'tile-request', dispute: digest, path: [0, 7], withInputs: true },
    'ffba866bebc3f36d816892cd6b2b3855fe72f984dc1327f1f04508e86d6c4128',
  ],
  [
    { type: 'logits-request', dispute: digest, chunk: 5 },
    '6965d2b6811f7186bd5d3d59f67d76e3d74811d5503af1dd9f9be55afd5c0ece',
  ],
])('a reply to %s is signed over these bytes', (request, expected) => {
  expect(toHex(replyMessage(request, Uint8Array.of(1, 2, 3)))).toBe(`0x${expected}`)
})
