import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareRandomSubnets } from '../../../scripts/bench/yuma/compare.ts'
import { checkEpochVector } from '../../../scripts/bench/yuma/epoch-vectors.ts'
import { readVectors } from '../../../scripts/bench/yuma/read-vectors.ts'
import { typicalSubnet } from '../../../scripts/bench/yuma/typical-subnet.ts'
import { readRuntime } from '../../../shared/chain/devnet/runtime-artifact.ts'
import { runEpoch } from '../../../shared/consensus/yuma/run-epoch.ts'
import { createRuntimeEpoch, type RuntimeEpoch } from '../../../shared/consensus/yuma/runtime-epoch.ts'
import { seededRandom } from '../../../shared/inference/random.ts'

/** The graphs of 512 neurons and the many epochs after a reset of bonds take longest; TypeScript runs them elsewhere. */
const MAX_EPOCHS = 15
const MAX_NEURONS = 64
const { epochs } = await readVectors()
const small = epochs.filter(
  (vector) => vector.epochs.length <= MAX_EPOCHS && vector.epochs[0]!.input.stake.length <= MAX_NEURONS,
)

let runtime: RuntimeEpoch
beforeAll(async () => {
  runtime = createRuntimeEpoch((await readRuntime()).wasm)
})
afterAll(() => runtime.close())

describe("the runtime's own Yuma", () => {
  it('equals TypeScript on random subnets, in every output', async () => {
    const sample = { seed: 11, count: 25, largeEvery: 25 }
    const subnets = await compareRandomSubnets(runtime, sample, () => {})
    expect(subnets.filter(({ differing }) => differing.length > 0)).toEqual([])
    expect(subnets.filter(({ dividends }) => dividends).length).toBeGreaterThan(5)
  }, 240_000)

  it('equals TypeScript on a busy subnet, epoch after epoch', async () => {
    let input = typicalSubnet(seededRandom(3), 32)
    for (let epoch = 0; epoch < 3; epoch++) {
      const output = runEpoch(input)
      expect(await runtime.run(input)).toEqual(output)
      expect(output.dividends.filter((share) => share > 0).length).toBeGreaterThan(4)
      input = { ...input, bonds: output.bonds, validatorPermit: output.validatorPermit }
    }
  }, 240_000)

  it.each(small.map((vector) => [vector.name, vector] as const))(
    'holds %s',
    async (_, vector) => {
      const { differences } = await checkEpochVector(vector, (input) => runtime.run(input))
      expect(differences).toEqual([])
    },
    60_000,
  )

  it('has most of the vectors here', () => {
    expect(small.length).toBeGreaterThanOrEqual(23)
  })
})

describe('a comparison', () => {
  it('names what differs, and a runtime that panics', async () => {
    const off: RuntimeEpoch = {
      ...runtime,
      run: async (input) => ({ ...runEpoch(input), active: [], emission: [] }),
    }
    const sample = { seed: 1, count: 3, largeEvery: 99 }
    const found = await compareRandomSubnets(off, sample, () => {})
    expect(found.map(({ differing }) => differing)).toEqual(Array(3).fill(['active', 'emission']))

    const withoutYuma = createRuntimeEpoch(Uint8Array.of(0, 0x61, 0x73, 0x6d))
    const trapped = await compareRandomSubnets(withoutYuma, { ...sample, count: 1 }, () => {})
    await withoutYuma.close()
    expect(trapped[0]!.differing).toEqual(['trapped'])
  })
})
