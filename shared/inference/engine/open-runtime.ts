import { performance } from 'node:perf_hooks'
import { openDeviceRuntime } from '../device/device-runtime.ts'
import { createHuggingFaceRuntime } from '../hugging-face/create-runtime.ts'
import { checkPrecision } from '../model/check-precision.ts'
import { createOwnRuntime } from '../model/own-runtime.ts'
import { parseWeights, readWeightsFile } from '../model/weights-file.ts'
import type { Runtime } from '../runtime.ts'
import type { ChildOptions, OwnModelSource } from './messages.ts'

/** Loads what the child was started for. Throws MODEL_MISSING, MODEL_DAMAGED and MODEL_UNSERVABLE, and what onnxruntime says. */
export async function openRuntime(options: ChildOptions): Promise<Runtime> {
  const { model } = options
  switch (model.kind) {
    case 'starling':
      return openOwn(model, options)
    case 'hugging-face': {
      const { device: provider, threads, dedicated, maxBatch } = options
      const now = () => performance.now()
      return createHuggingFaceRuntime({ source: model, provider, threads, dedicated, maxBatch, now })
    }
  }
}

async function openOwn(model: OwnModelSource, options: ChildOptions): Promise<Runtime> {
  const { device, threads, maxBatch, dedicated } = options
  const { architecture, weightsFile, weightsSha256, precision } = model
  const file = await readWeightsFile(weightsFile, weightsSha256)
  const weights = parseWeights(weightsFile, architecture, file)
  const now = () => performance.now()
  // The CPU has fused kernels and a cache in our own memory; a device gets the graph that every one computes rightly.
  if (device === 'cpu') {
    await checkPrecision(precision)
    return createOwnRuntime({ architecture, weights, precision, threads, maxBatch, dedicated, now })
  }
  return openDeviceRuntime(architecture, weights, { provider: device, threads, maxBatch, now })
}
