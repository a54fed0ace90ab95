import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { whiteningFor } from '../../../miner/whitening.ts'
import type { Backend, VerificationLevel } from '../../../shared/inference/engine.ts'
import { formatRegistry } from '../../../shared/inference/registry/build-registry.ts'
import type { Registry } from '../../../shared/inference/registry/registry.ts'
import type { Log } from '../../../shared/process/logging.ts'
import { plainWhitening, storedCalibration, writePlainCalibration } from '../../support/calibration.ts'
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

it('parts with a registry that names another whitening, before validators reject what it sends', async () => {
  const models = await mkdtemp(join(tmpdir(), 'whitening-'))
  const folder = join(models, 'one')
  const declare = async (whitening: string) => {
    const about = { name: 'test', hash: testModel.hash, licence: 'MIT', folder: 'one', whitening }
    const classes = [{ executionClass: 'cpu-*', level: 3 as const }]
    const registry: Registry = { format: 'starling-registry/1', models: [{ ...about, classes }] }
    await writeFile(join(models, 'registry.json'), formatRegistry(registry))
  }
  await mkdir(folder)
  await declare(storedCalibration(testModel.hash, [], plainWhitening(4)).calibration.whitening.sha256)
  await expect(whiteningIn(folder, 3)).rejects.toMatchObject({ code: 'CALIBRATION_MISSING' })
  await writePlainCalibration(folder, testModel.hash, 4)
  expect((await whiteningIn(folder, 3)).whitening).toEqual(plainWhitening(4))
  await declare('12'.repeat(32))
  await expect(whiteningIn(folder, 3)).rejects.toMatchObject({
    code: 'CALIBRATION_OTHER',
    message: expect.stringContaining('the registry names 1212'),
  })
})
