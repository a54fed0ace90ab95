import fc from 'fast-check'
import { expect, test } from 'vitest'
import { genaiFiles } from '../../../shared/inference/export/genai.ts'
import { loadModel } from '../../../shared/inference/model/folder.ts'
import type { ModelFacts } from '../../../shared/inference/onnx/skim.ts'
import { skimModel } from '../../../shared/inference/onnx/skim.ts'
import { hiddenTensor } from '../../../shared/inference/onnx/tap.ts'
import { hasCode } from '../../../shared/process/errors.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

/** The largest piece that may be asked for at once. */
const PAGE = 65_536

/** Facts or MODEL_DAMAGED, and never much in memory. */
function skimmed(bytes: Uint8Array): ModelFacts | undefined {
  try {
    return skimModel({
      name: 'model.onnx',
      size: bytes.length,
      read(offset, length) {
        expect(length).toBeLessThanOrEqual(PAGE)
        return bytes.subarray(offset, offset + length)
      },
    })
  } catch (error) {
    if (!hasCode(error, 'MODEL_DAMAGED')) throw error
    return undefined
  }
}

test('any bytes are read or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void skimmed(bytes)))
})

test('a model with bytes changed, cut or repeated is read or refused', async () => {
  const files = genaiFiles(await loadModel(await tinyModelFolder()), 'fp32')
  const model = files.find(({ path }) => path === 'model.onnx')!.bytes
  const change = fc.record({ at: fc.nat(model.length - 1), byte: fc.nat(255) })
  const edits = fc.record({
    changes: fc.array(change, { maxLength: 6 }),
    length: fc.oneof(fc.constant(model.length), fc.nat(model.length)),
    isTwice: fc.boolean(),
  })
  expect(skimmed(model)?.nodes.length).toBeGreaterThan(10)
  let refused = 0
  fc.assert(
    fc.property(edits, ({ changes, length, isTwice }) => {
      const bytes = Uint8Array.from(model)
      for (const { at, byte } of changes) bytes[at] = byte
      const cut = bytes.subarray(0, length)
      const facts = skimmed(isTwice ? Buffer.concat([cut, cut]) : cut)
      if (facts === undefined) refused += 1
      else hiddenTensor(facts, 'logits')
    }),
    { numRuns: 300 },
  )
  expect(refused).toBeGreaterThan(50)
})
