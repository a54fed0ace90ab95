import type { Engine } from '../../shared/inference/engine.ts'
import { describeError } from '../../shared/process/errors.ts'
import type { Log } from '../../shared/process/logging.ts'
import { decideTokens, type ReplayParts, replayTolerance } from '../../shared/verify/replay.ts'
import type { RoundConfig } from '../config.ts'
import { samplingOf } from './answers.ts'

/**
 * Known-good answers: the validator generates one with each model that it holds and audits it like a miner's. If its own
 * honest work fails its audit, the fault is here, and rejections of this round prove nothing.
 */
export async function controlsPass(
  engines: readonly Engine[],
  control: {
    readonly prompt: string
    readonly seed: Uint8Array
    readonly config: RoundConfig
    readonly calibrations: ReplayParts['calibrations']
    readonly log: Log
  },
): Promise<boolean> {
  const { seed, config, calibrations, log } = control
  const parts = { calibrations, tolerance: config.auditTolerance }
  const sampling = samplingOf(config)
  const results = await Promise.all(
    engines.map(async (engine) => {
      try {
        const promptTokens = engine.text.encodePrompt(control.prompt)
        const { tokens } = await engine.generate({
          promptTokens,
          maxTokens: config.maxTokens,
          sampling,
          seed,
        })
        const { hash: model, executionClass: own } = engine.model
        const pair = { prover: own, verifier: own, model }
        const tolerance = replayTolerance(parts, pair)
        const { margins } = await engine.replay({ promptTokens, tokens, sampling, seed, tolerance })
        const reading = { margins, promptTokens: promptTokens.length }
        const { verdict, reason } = decideTokens(reading, parts, pair)
        if (verdict !== 'accept') log.error({ model: engine.model.name, reason }, 'control failed')
        return verdict === 'accept'
      } catch (error) {
        log.error({ model: engine.model.name, error: describeError(error) }, 'control failed')
        return false
      }
    }),
  )
  return results.every(Boolean)
}
