import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { abortError } from './engine/abort.ts'
import { checkGenerate, checkPrefill, checkReplay, checkScore } from './engine/check-request.ts'
import { spawnChild } from './engine/spawn.ts'
import { supervise } from './engine/supervisor.ts'
import type { EngineOptions, StartEngine } from './engine.ts'
import { loadModel, modelInfo } from './model/folder.ts'
import { bytesCodec } from './text/bytes-codec.ts'

const DEFAULT_MAX_BATCH = 16

/**
 * Starts an engine and waits until its model is loaded. Throws MODEL_MISSING or MODEL_DAMAGED before a process is started,
 * and ENGINE_CRASHED or ENGINE_FAILED if the child can't load the model.
 */
export const startEngine: StartEngine = async (options: EngineOptions) => {
  const modelFolder = resolve(options.modelFolder)
  const { manifest } = await loadModel(modelFolder)
  const model = modelInfo(manifest)
  const text = bytesCodec
  const now = () => performance.now()
  const supervisor = supervise({
    child: {
      architecture: manifest.architecture,
      weightsFile: join(modelFolder, manifest.weights.file),
      weightsSha256: manifest.weights.sha256,
      threads: options.threads,
      maxBatch: options.maxBatch ?? DEFAULT_MAX_BATCH,
    },
    spawn: spawnChild,
    log: options.log ?? (() => {}),
    now,
  })
  try {
    await supervisor.ready()
  } catch (error) {
    await supervisor.close()
    throw error
  }
  return {
    model,
    text,
    async generate({ signal, ...request }) {
      checkGenerate(model, request)
      if (signal?.aborted) throw abortError()
      const generation = await supervisor.call('generate', request, signal)
      return { ...generation, text: text.decode(generation.tokens) }
    },
    async replay(request) {
      checkReplay(model, request)
      return supervisor.call('replay', request)
    },
    async score(request) {
      checkScore(model, request)
      return supervisor.call('score', request)
    },
    async prefill(tokens) {
      checkPrefill(model, tokens)
      return supervisor.call('prefill', tokens)
    },
    health() {
      const { alive, lastHeard, restarts, pid } = supervisor.state()
      return { alive, lastStepAgeMs: now() - lastHeard, restarts, pid }
    },
    close: () => supervisor.close(),
  }
}
