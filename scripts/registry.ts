import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { openModel } from '../shared/inference/open-model.ts'
import { readReferenceModel } from '../shared/inference/reference/reference-model.ts'
import {
  buildRegistry,
  type FoundModel,
  findModels,
  formatRegistry,
  OWN_LICENCE,
} from '../shared/inference/registry/build-registry.ts'
import { readRegistry } from '../shared/inference/registry/read-registry.ts'
import { REGISTRY_FILE } from '../shared/inference/registry/registry.ts'
import { runCli } from '../shared/process/cli.ts'
import { hasCode, StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { terminalStep } from '../shared/process/step.ts'
import { readCalibration } from '../shared/proof/sketch/read-calibration.ts'
import { readSimilarity } from '../shared/similarity/calibration.ts'

interface RegistryFlags {
  models: string
  licence: string
  check: boolean
}

export const command = new Command('registry')
  .description('Writes the registry of declared models from the model folders; keeps licences and classes.')
  .option('--models <folder>', 'folder that holds one folder a model', 'models')
  .option('--licence <spdx>', 'of models that are not in it yet', OWN_LICENCE)
  .option('--check', 'write nothing, and fail where the registry is stale', false)
  .action(run)

async function run({ models, licence, check }: RegistryFlags): Promise<void> {
  const path = join(models, REGISTRY_FILE)
  const before = await readRegistry(path).catch((error: unknown) => {
    if (hasCode(error, 'REGISTRY_MISSING')) return undefined
    throw error
  })
  const whole = await terminalStep()(`reading the models in ${models}`, async () => {
    const found = await findModels(models, async (folder) => (await openModel(folder, 'cpu')).info)
    return Promise.all(
      found.map(async (model) => withCalibrations(models, await withReference(models, model))),
    )
  })
  const registry = buildRegistry(whole, before?.registry, licence)
  const isSame = JSON.stringify(registry) === JSON.stringify(before?.registry)
  if (check && !isSame)
    throw new StarlingError('REGISTRY_STALE', `${path} is not what the model folders say`, 'npm run registry')
  if (!isSame) await writeFile(path, formatRegistry(registry))
  for (const { name, hash, licence } of registry.models) console.log(`${name.padEnd(16)} ${hash} ${licence}`)
  console.log(`${path} ${isSame ? 'is up to date' : 'written'}: ${(await readRegistry(path)).hash}`)
}

/** With the root over the weights' tiles, where the model is one of our own: only those have a reference run. */
async function withReference(models: string, model: FoundModel): Promise<FoundModel> {
  const folder = join(models, model.folder)
  const { source } = await openModel(folder, 'cpu')
  if (source.kind !== 'starling') return model
  return { ...model, reference: (await readReferenceModel(folder)).reference }
}

/** With the calibrations that miners and validators of one registry must share. */
async function withCalibrations(models: string, model: FoundModel): Promise<FoundModel> {
  const folder = join(models, model.folder)
  const stored = await readCalibration(folder, model.info.hash)
  const similarity = await readSimilarity(folder, model.info.hash, undefined)
  return { ...model, whitening: stored?.calibration.whitening.sha256, similarity: similarity?.sha256 }
}

if (isMain(import.meta.url)) await runCli(command, process.argv)
