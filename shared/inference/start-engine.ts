import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { firstThatStarts } from './device/first-that-starts.ts'
import { resolveDevice } from './device/probe.ts'
import { spawnProbe } from './device/spawn-probe.ts'
import { checkGenerate, checkPrefill, checkReplay, checkScore } from './engine/check-request.ts'
import { abortError } from './engine/errors.ts'
import { spawnChild } from './engine/spawn.ts'
import { type Log, supervise } from './engine/supervisor.ts'
import type { Engine, EngineOptions, StartEngine } from './engine.ts'
import type { Provider } from './onnx/execution-class.ts'
import { openModel } from './open-model.ts'
import { streamAnswer } from './stream-answer.ts'

const DEFAULT_MAX_BATCH = 16
const DEFAULT_MAX_QUEUE = 64

/**
 * Starts an engine and waits until its model is loaded. Throws DEVICE_UNUSABLE, MODEL_MISSING, MODEL_DAMAGED or
 * MODEL_UNSERVABLE before its process is started, PRECISION_UNUSABLE before or after, and ENGINE_CRASHED or ENGINE_FAILED if
 * the child can't load the model.
 */
export const startEngine: StartEngine = async (options: EngineOptions) => {
  const { device: wanted = 'cpu', precision = 'fp32' } = options
  // Only the CPU computes anything but float32, so there is no device to look for.
  const choice = wanted === 'auto' && precision !== 'fp32' ? 'cpu' : wanted
  const log = options.log ?? (() => {})
  const { device } = await resolveDevice(choice, { spawn: spawnProbe, log })
  return firstThatStarts(choice, device, (provider) => startOn(provider, options, log), log)
}

async function startOn(device: Provider, options: EngineOptions, log: Log): Promise<Engine> {
  const folder = resolve(options.modelFolder)
  const { info: model, text, source } = await openModel(folder, device, options.precision)
  const now = () => performance.now()
  const supervisor = supervise({
    child: {
      folder,
      model: source,
      stopTokens: model.stopTokens,
      device,
      threads: options.threads,
      dedicated: options.dedicated ?? false,
      maxBatch: options.maxBatch ?? DEFAULT_MAX_BATCH,
      maxQueue: options.maxQueue ?? DEFAULT_MAX_QUEUE,
    },
    spawn: spawnChild,
    log,
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
    async generate({ signal, onPiece, ...request }) {
      checkGenerate(model, request)
      if (signal?.aborted) throw abortError()
      const stream = onPiece && streamAnswer(text, onPiece)
      const asked = stream === undefined ? request : { ...request, wantPieces: true }
      const generation = await supervisor.call('generate', asked, { signal, onToken: stream?.push })
      stream?.end()
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
    async embed(request) {
      checkScore(model, request)
      return supervisor.call('embed', request)
    },
    async prefill(tokens) {
      checkPrefill(model, tokens)
      return supervisor.call('prefill', tokens)
    },
    stats: () => supervisor.call('stats', null),
    health() {
      const { alive, lastHeard, restarts, pid } = supervisor.state()
      return { alive, lastStepAgeMs: now() - lastHeard, restarts, pid }
    },
    close: () => supervisor.close(),
  }
}
