import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { whiteningFor } from '../../../miner/whitening.ts'
import type { Backend, VerificationLevel } from '../../../shared/inference/engine.ts'
import type { Log } from '../../../shared/process/logging.ts'
import { plainWhitening, writePlainCalibration } from '../../support/calibration.ts'
import { testModel } from '../../support/participants.ts'

const backend = (level: VerificationLevel) => ({ model: { ...testModel, level } }) as Backend

async function whiteningIn(folder: string, level: VerificationLevel) {
  const warnings: string[] = []
  const log = { warn: (_context: object, message: string) => warnings.push(message) } as unknown as Log
  return { whitening: await whiteningFor({ model: folder }, backend(level), log), warnings }
}

it('takes the whitening beside the model where the backend shows hidden states', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'whitening-'))
  await writePlainCalibration(folder, testModel.hash, 4)
  expect(await whiteningIn(folder, 3)).toEqual({ whitening: plainWhitening(4), warnings: [] })
  expect(await whiteningIn(folder, 2)).toEqual({ whitening: undefined, warnings: [] })
})

it('warns where there is none, as validators may hold one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'whitening-'))
  const { whitening, warnings } = await whiteningIn(folder, 3)
  expect(whitening).toBeUndefined()
  expect(warnings).toEqual([expect.stringMatching(/no calibration .* npm run calibrate/)])
  await writePlainCalibration(folder, `0x${'00'.repeat(32)}`, 4)
  expect((await whiteningIn(folder, 3)).warnings).toHaveLength(1)
})
