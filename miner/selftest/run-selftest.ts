import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import { readRegistry } from '../../shared/inference/registry/read-registry.ts'
import { REGISTRY_FILE } from '../../shared/inference/registry/registry.ts'
import { EXIT_FAILURE } from '../../shared/process/cli.ts'
import { systemClock } from '../../shared/process/clock.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { terminalStep } from '../../shared/process/step.ts'
import { toHex } from '../../shared/proof/hash.ts'
import { readRegisteredCalibration } from '../../shared/proof/sketch/registered-calibration.ts'
import { renderChecks } from '../check-line.ts'
import type { SelftestFlags } from '../flags.ts'
import { startBackend } from '../start-backend.ts'
import { type Selftest, type SelftestParts, selftest } from './selftest.ts'

/** `miner selftest`: whether a validator would pay for what this machine serves. @throws what keeps the model from starting */
export async function runSelftest(flags: SelftestFlags, write: (text: string) => void): Promise<void> {
  const { registry } = await readRegistry(flags.registry ?? join(dirname(flags.model), REGISTRY_FILE))
  const step = terminalStep(flags['logging.level'])
  const backend = await step(`loading ${flags.model}`, () => startBackend(flags, silentLog()))
  try {
    // Nobody knows these keys, and nothing is signed for anybody.
    const [miner, validator] = [newKey(), newKey()]
    const { answers, model: folder } = flags
    const calibrationFor: SelftestParts['calibrationFor'] = (declared) =>
      readRegisteredCalibration(folder, backend.model.hash, declared)
    const keys = { miner, validator }
    const parts = { ...keys, backend, registry, calibrationFor, answers, clock: systemClock, randomBytes }
    const result = await step(`writing ${answers} answers, and reading them as a validator does`, () =>
      selftest(parts),
    )
    write(`${flags.json === true ? JSON.stringify(result, undefined, 2) : renderSelftest(result)}\n`)
    if (!result.ok) process.exitCode = EXIT_FAILURE
  } finally {
    await backend.close()
  }
}

function newKey() {
  return signerFromUri(toHex(randomBytes(32)))
}

function renderSelftest({ model, executionClass, checks, ok }: Selftest): string {
  const verdict = ok
    ? 'a validator of this version would pay for these answers'
    : 'a validator of this version would not pay for these answers: see the lines that fail'
  return [`model ${model}`, `class ${executionClass}`, '', renderChecks(checks), '', verdict].join('\n')
}
