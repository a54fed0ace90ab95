import type { Backend, Engine } from '../shared/inference/engine.ts'
import { openModel } from '../shared/inference/open-model.ts'
import { startOpenAiBackend } from '../shared/inference/openai/start-openai-backend.ts'
import { SCORED_LEVEL } from '../shared/inference/registry/registry.ts'
import { startEngine } from '../shared/inference/start-engine.ts'
import type { Log } from '../shared/process/logging.ts'
import type { MinerFlags } from './flags.ts'

/** What a miner runs its model on; the rest only where it can read a given text, as the engine of our own can. */
export type MinerBackend = Backend & Partial<Pick<Engine, 'score' | 'replay' | 'prefill'>>

type BackendFlags = Pick<
  MinerFlags,
  | 'model'
  | 'device'
  | 'precision'
  | 'threads'
  | 'maxBatch'
  | 'maxQueue'
  | 'dedicated'
  | 'backend.url'
  | 'backend.model'
  | 'backend.key_env'
>

/**
 * Starts the engine of our own, or connects to the server that the flags name; says at once where its answers can't be
 * scored. @throws StarlingError MODEL_…, DEVICE_…, ENGINE_…, BACKEND_…
 */
export async function startBackend(flags: BackendFlags, log: Log): Promise<MinerBackend> {
  const url = flags['backend.url']
  if (url === undefined) {
    return startEngine({
      modelFolder: flags.model,
      device: flags.device,
      precision: flags.precision,
      threads: flags.threads,
      dedicated: flags.dedicated,
      ...(flags.maxBatch === undefined ? {} : { maxBatch: flags.maxBatch }),
      ...(flags.maxQueue === undefined ? {} : { maxQueue: flags.maxQueue }),
      log: (message, context) => log.info(context, message),
    })
  }
  const backend = await startOpenAiBackend({
    url,
    model: flags['backend.model'],
    apiKeyEnv: flags['backend.key_env'],
    declared: await openModel(flags.model, 'cpu'),
    ...(flags.maxBatch === undefined ? {} : { maxConcurrent: flags.maxBatch + (flags.maxQueue ?? 0) }),
  })
  const { executionClass, level } = backend.model
  const { form, signals, flavour } = backend.detected
  log.info({ url, executionClass, level, prompt: form, ...signals, caveat: flavour.caveat }, 'backend')
  if (level < SCORED_LEVEL) {
    log.warn(
      { executionClass, level },
      `validators of this version score level ${SCORED_LEVEL} and above: this backend serves, and earns nothing`,
    )
  }
  return backend
}
