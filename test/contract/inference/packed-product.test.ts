import { describe, expect, test } from 'vitest'
import { parameters } from '../../../shared/inference/model/architecture.ts'
import { checkPrecision } from '../../../shared/inference/model/check-precision.ts'
import { createOwnRuntime } from '../../../shared/inference/model/own-runtime.ts'
import { packMatrix } from '../../../shared/inference/model/pack-matrix.ts'
import type { Weights } from '../../../shared/inference/model/weights.ts'
import { type Packing, type Precision, packingOf } from '../../../shared/inference/precision.ts'
import { TINY, tinyWeights } from '../../unit/inference/tiny-model.ts'
import { unpackMatrix } from '../../unit/inference/unpack-matrix.ts'

// 48 inputs of `down` leave a short block of every size above 16.
const weights = tinyWeights(4)
const tokens = Array.from({ length: 40 }, (_, i) => (i * 53) % 256)
const PROMPT = 24

/** Hidden states of the whole sequence read at once, and of its last tokens decoded after the first. */
async function rows(model: Weights, precision: Precision) {
  const options = { architecture: TINY, weights: model, precision, threads: 1, maxBatch: 2, now: () => 0 }
  const runtime = await createOwnRuntime(options)
  const read = (await runtime.read([tokens], true)).hidden!.slice(
    PROMPT * TINY.width,
    tokens.length * TINY.width,
  )
  const sequence = runtime.open()
  await runtime.extend([{ sequence, tokens: tokens.slice(0, PROMPT) }], false)
  const decoded = new Float32Array(read.length)
  for (const [i, token] of tokens.slice(PROMPT).entries()) {
    decoded.set((await runtime.step([sequence], [token], true)).hidden!, i * TINY.width)
  }
  await runtime.close()
  return { read, decoded }
}

/** The weights that a packing stands for. */
function unpacked(packing: Packing): Weights {
  const matrices = parameters(TINY).flatMap(({ name, shape: [inputs = 0, outputs] }) => {
    if (outputs === undefined || name === 'embedding') return []
    const shape = [inputs, outputs] as const
    return [[name, unpackMatrix(packMatrix(weights.get(name)!, shape, packing), shape, packing)] as const]
  })
  return new Map([...weights, ...matrices])
}

function relativeGap(a: Float32Array, b: Float32Array): number {
  let [gap, norm] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    gap += (a[i]! - b[i]!) ** 2
    norm += a[i]! ** 2
  }
  return Math.sqrt(gap / norm)
}

describe.each(['q4b16', 'q4b32', 'q4b64', 'q8b32'] as const)('%s', (weightsOnly) => {
  test('computes what its unpacked weights compute, and 8-bit activations do so nearly', async () => {
    const truth = await rows(unpacked(packingOf(`${weightsOnly}a32`)!), 'fp32')
    const exact = await rows(weights, `${weightsOnly}a32`)
    expect(relativeGap(truth.read, exact.read)).toBeLessThan(1e-5)
    expect(relativeGap(truth.decoded, exact.decoded)).toBeLessThan(1e-5)

    await checkPrecision(`${weightsOnly}a8`)
    const rounded = await rows(weights, `${weightsOnly}a8`)
    for (const gap of [relativeGap(truth.read, rounded.read), relativeGap(truth.decoded, rounded.decoded)]) {
      expect(gap).toBeGreaterThan(1e-3)
      expect(gap).toBeLessThan(5e-2)
    }
  })
})
