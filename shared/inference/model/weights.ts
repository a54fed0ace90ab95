import { type Architecture, parameterCount, parameters, sizeOf } from './architecture.ts'
import { fromFloat16, toFloat16 } from './float16.ts'

/** Learnt tensors by parameter name, float32, row-major. */
export type Weights = ReadonlyMap<string, Float32Array>

/** Bytes of the weights file: half-precision values, little-endian, in the order of `parameters`. */
export function weightsBytes(architecture: Architecture): number {
  return parameterCount(architecture) * 2
}

export function encodeWeights(architecture: Architecture, weights: Weights): Uint8Array {
  const view = new DataView(new ArrayBuffer(weightsBytes(architecture)))
  let offset = 0
  for (const parameter of parameters(architecture)) {
    const values = tensorOf(weights, parameter.name)
    if (values.length !== sizeOf(parameter))
      throw new RangeError(`${parameter.name} has ${values.length} values`)
    for (const value of values) {
      view.setUint16(offset, toFloat16(value), true)
      offset += 2
    }
  }
  return new Uint8Array(view.buffer)
}

/** The inverse of `encodeWeights`; throws RangeError when the length does not fit the architecture. */
export function decodeWeights(architecture: Architecture, file: Uint8Array): Weights {
  const expected = weightsBytes(architecture)
  if (file.length !== expected) throw new RangeError(`${file.length} bytes of weights, not ${expected}`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const weights = new Map<string, Float32Array>()
  let offset = 0
  for (const parameter of parameters(architecture)) {
    const values = new Float32Array(sizeOf(parameter))
    for (let i = 0; i < values.length; i++, offset += 2) values[i] = fromFloat16(view.getUint16(offset, true))
    weights.set(parameter.name, values)
  }
  return weights
}

export function tensorOf(weights: Weights, name: string): Float32Array {
  const values = weights.get(name)
  if (values === undefined) throw new RangeError(`no weights for ${name}`)
  return values
}
