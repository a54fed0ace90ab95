import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodeGraph } from '../../../shared/inference/model/decode-graph.ts'
import { modelHash } from '../../../shared/inference/model/manifest.ts'
import { prefillGraph } from '../../../shared/inference/model/prefill-graph.ts'
import { rotaryTables } from '../../../shared/inference/model/rotary.ts'
import { encodeWeights } from '../../../shared/inference/model/weights.ts'
import { ProtobufWriter } from '../../../shared/inference/onnx/protobuf-writer.ts'
import { trainingGraph } from '../../../shared/inference/training/graph.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('protobuf fields have the bytes of the encoding guide', () => {
  const inner = new ProtobufWriter().string(2, 'testing')
  const hex = (writer: ProtobufWriter) => Buffer.from(writer.finish()).toString('hex')
  expect(hex(new ProtobufWriter().integer(1, 150))).toBe('089601')
  expect(hex(new ProtobufWriter().integer(1, -2))).toBe('08feffffffffffffffff01')
  expect(hex(inner)).toBe('120774657374696e67')
  expect(hex(new ProtobufWriter().message(3, inner))).toBe('1a09120774657374696e67')
  expect(hex(new ProtobufWriter().float(5, 1))).toBe('2d0000803f')
})

test('graphs, tables and weights have the same bytes everywhere', () => {
  const weights = tinyWeights(1)
  const { cos, sin } = rotaryTables(TINY, 512)
  expect({
    weights: sha256(encodeWeights(TINY, weights)),
    hash: modelHash(TINY, encodeWeights(TINY, weights)),
    rotary: sha256(new Uint8Array(Float32Array.of(...cos, ...sin).buffer)),
    prefill: sha256(prefillGraph(TINY, weights)),
    decode: sha256(decodeGraph(TINY, weights)),
    training: sha256(trainingGraph(TINY, 2, 8)),
  }).toMatchInlineSnapshot(`
    {
      "decode": "7845f8c09c8d52db5ed4c1384b7db151939af2f290e9caad39cffbb186a68ca8",
      "hash": "0x908d06cd22956c3bfbf1d767ee64e735c9785655bd00f46cfec47d0c766c537d",
      "prefill": "320c2410a21547ed2760bf1f4aa1a394078b3042e05403e7e2de7493c8af450b",
      "rotary": "ec3dcf5981d3af594ea84d58ed80558d6b536657ad5332fcffe9e19482e0c4ee",
      "training": "f95d96a9155ad0b3d91c948cc4ff04251bd42a6762a54066dde660ade1140059",
      "weights": "b0241c190cb816eec338b812f57e68d7bc7b0560f5c805dd5614675b5da5295b",
    }
  `)
})
