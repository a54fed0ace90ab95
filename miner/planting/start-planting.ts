import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import { toHex } from '../../shared/proof/hash.ts'
import { type Plants, plantsCommitment } from '../../shared/proof/plants/plants.ts'
import type { Whitening } from '../../shared/proof/sketch/whitening.ts'
import type { Answerer } from '../answerer.ts'
import type { MinerBackend } from '../start-backend.ts'
import { plantingAnswerer } from './planting-answerer.ts'

/** Where one wrong token is proof by itself. */
const CERTAIN_CLASS = 'cpu-fp32/'

/**
 * The honest answerer with wrong answers planted among its own, and a line that says what that costs.
 * @throws StarlingError PLANT_UNSUPPORTED where an honest validator might accept a wrong token
 */
export function startPlanting(
  honest: Answerer,
  backend: MinerBackend,
  parts: {
    readonly plants: Plants
    readonly signer: Pick<Signer, 'publicKey'>
    readonly whitening: Whitening | undefined
    readonly log: Log
  },
): Answerer {
  const { prefill, model, text, generate } = backend
  const { plants, signer, whitening, log } = parts
  if (prefill === undefined || !model.executionClass.startsWith(CERTAIN_CLASS)) {
    throw new StarlingError(
      'PLANT_UNSUPPORTED',
      `nothing can be planted in class ${model.executionClass}: there one wrong token need not be found`,
      'plant with the engine that comes with the miner, on the CPU in fp32',
    )
  }
  log.warn(
    { rate: plants.rate, commitment: toHex(plantsCommitment(plants)) },
    'planting wrong answers: every validator that finds one penalises this hotkey, so use one that is there for nothing else; publish the commitment first, and the secret’s file when you are done',
  )
  const engine = { text, model, generate, prefill }
  return plantingAnswerer(honest, { engine, hotkey: signer.publicKey, whitening, plants, log })
}
