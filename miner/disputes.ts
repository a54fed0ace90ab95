import { dirname, join, resolve } from 'node:path'
import type { Signer } from '../shared/chain/wallet/signer.ts'
import { createDesk, type DisputeDesk } from '../shared/dispute/desk.ts'
import { heldModels } from '../shared/dispute/held-models.ts'
import type { ModelInfo } from '../shared/inference/engine.ts'
import { lazyEvaluator } from '../shared/inference/reference/lazy-evaluator.ts'
import { readRegistry } from '../shared/inference/registry/read-registry.ts'
import { REGISTRY_FILE } from '../shared/inference/registry/registry.ts'
import type { Clock } from '../shared/process/clock.ts'
import { hasCode } from '../shared/process/errors.ts'
import type { Log } from '../shared/process/logging.ts'

export interface MinerDisputes {
  readonly desk: DisputeDesk
  close(): Promise<void>
}

/**
 * Where this miner defends its answers. It costs nothing until a referee comes; the model is read then.
 * @param folder of the model that is served; the registry is looked for beside it
 * @throws StarlingError REGISTRY_INVALID
 */
export async function openDisputes(
  folder: string,
  model: Pick<ModelInfo, 'hash'>,
  { signer, clock, log }: { readonly signer: Signer; readonly clock: Clock; readonly log: Log },
): Promise<MinerDisputes> {
  const path = join(dirname(resolve(folder)), REGISTRY_FILE)
  const file = await readRegistry(path).catch((error: unknown) => {
    if (hasCode(error, 'REGISTRY_MISSING')) return undefined
    throw error
  })
  const { evaluate, close } = lazyEvaluator()
  const held = heldModels(new Map([[model.hash, folder]]), file?.registry)
  return { desk: createDesk({ side: 'defender', signer, model: held, evaluate, clock, log }), close }
}
