import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryAnswers } from '../../../miner/selftest/try-answers.ts'
import { reorderUnits } from '../../../scripts/calibrate/reorder-units.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Engine, EngineOptions } from '../../../shared/inference/engine.ts'
import { loadModel, saveModel } from '../../../shared/inference/model/folder.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { applyStretch } from '../../../shared/proof/cusum.ts'
import { hashText } from '../../../shared/proof/hash.ts'
import { readCalibration, type StoredCalibration } from '../../../shared/proof/sketch/read-calibration.ts'

const MODEL = join(import.meta.dirname, '../../../models/nano')
const ANSWERS = 6
const engines: Engine[] = []
let verifier: Engine
let calibration: StoredCalibration

beforeAll(async () => {
  verifier = await start({ precision: 'q4b32a8' })
  calibration = (await readCalibration(MODEL, verifier.model.hash))!
}, 240_000)
afterAll(() => Promise.all(engines.map((engine) => engine.close())))

async function start(options: Partial<EngineOptions>): Promise<Engine> {
  const engine = await startEngine({ modelFolder: MODEL, threads: 1, ...options })
  engines.push(engine)
  return engine
}

/** What a validator of the class says of answers that this prover passes off as the class's. */
async function audit({ generate }: Engine) {
  let draws = 0
  const { tried, failures } = await tryAnswers(
    {
      backend: { ...verifier, generate },
      ...{ level: 3, calibration, clock: systemClock },
      ...{ miner: signerFromUri('//Miner'), validator: signerFromUri('//Alice') },
      randomBytes: (count) => hashText(`noisy ${draws++}`).subarray(0, count),
    },
    ANSWERS,
  )
  expect(failures).toEqual([])
  return tried.map(({ verdict }) => verdict)
}

describe('a class of 4-bit weights with 8-bit activations, by the calibration beside the model', () => {
  const honest = async (prover: Engine) => {
    const verdicts = await audit(prover)
    const sums = { margin: 0, sketch: 0 }
    for (const { verdict, reason, level, evidence } of verdicts) {
      expect({ verdict, reason, level }).toEqual({ verdict: 'accept', reason: '', level: 3 })
      expect(evidence.map(({ statistic }) => statistic)).toEqual(['margin', 'sketch'])
      for (const { statistic, ...stretch } of evidence) {
        const { sum, peak } = applyStretch(sums[statistic], stretch)
        expect(peak).toBeLessThan(1)
        sums[statistic] = sum
      }
    }
  }

  it('accepts honest answers at the level of hidden states', () => honest(verifier), 60_000)

  it('accepts those of a prover that takes sums in another order, as other processors do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-reordered-'))
    try {
      const { manifest, weights } = await loadModel(MODEL)
      const { name, architecture } = manifest
      await saveModel(folder, name, architecture, reorderUnits(architecture, weights))
      await honest(await start({ modelFolder: folder, precision: 'q4b32a8' }))
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 240_000)

  it.each(['q4b64a8', 'q4b16a8', 'fp32'] as const)(
    'rejects every answer in %s',
    async (precision) => {
      for (const { verdict } of await audit(await start({ precision }))) expect(verdict).toBe('reject')
    },
    60_000,
  )
})
