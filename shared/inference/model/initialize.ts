import { gaussian, seededRandom } from '../random.ts'
import { type Architecture, parameters, sizeOf } from './architecture.ts'
import type { Weights } from './weights.ts'

/**
 * Untrained weights: norms at 1, matrices normal with deviation 1/√inputs, those that write to the residual stream
 * smaller by √(2·layers), embeddings 0.05 (GPT-2's scheme, with a small tied embedding).
 */
export function initialWeights(architecture: Architecture, seed: number): Weights {
  const random = seededRandom(seed)
  const weights = new Map<string, Float32Array>()
  for (const parameter of parameters(architecture)) {
    const deviation = deviationOf(architecture, parameter.name, parameter.shape[0]!)
    const values = new Float32Array(sizeOf(parameter))
    for (let i = 0; i < values.length; i++) values[i] = deviation === 0 ? 1 : gaussian(random) * deviation
    weights.set(parameter.name, values)
  }
  return weights
}

function deviationOf(architecture: Architecture, name: string, inputs: number): number {
  if (name.endsWith('Norm')) return 0
  if (name === 'embedding') return 0.05
  const writesResidual = name.endsWith('.attentionOutput') || name.endsWith('.down')
  return 1 / Math.sqrt(writesResidual ? inputs * 2 * architecture.layers : inputs)
}
