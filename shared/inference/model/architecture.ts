/** A Llama-shaped decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied embeddings. */
export interface Architecture {
  readonly vocabularySize: number
  readonly contextLength: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly feedForward: number
  readonly ropeBase: number
  readonly normEpsilon: number
}

export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
}

export function headWidth(architecture: Architecture): number {
  return architecture.width / architecture.heads
}

/** Every learnt tensor in the order of the weights file. Matrices are [inputs, outputs]. */
export function parameters(architecture: Architecture): Parameter[] {
  const { vocabularySize, width, layers, kvHeads, feedForward } = architecture
  const kvWidth = kvHeads * headWidth(architecture)
  const list: Parameter[] = [{ name: 'embedding', shape: [vocabularySize, width] }]
  for (let layer = 0; layer < layers; layer++) {
    list.push(
      { name: `layer${layer}.attentionNorm`, shape: [width] },
      { name: `layer${layer}.queryKeyValue`, shape: [width, width + 2 * kvWidth] },
      { name: `layer${layer}.attentionOutput`, shape: [width, width] },
      { name: `layer${layer}.feedForwardNorm`, shape: [width] },
      { name: `layer${layer}.gateUp`, shape: [width, 2 * feedForward] },
      { name: `layer${layer}.down`, shape: [feedForward, width] },
    )
  }
  list.push({ name: 'finalNorm', shape: [width] })
  return list
}

export function sizeOf(parameter: Parameter): number {
  return parameter.shape.reduce((product, extent) => product * extent, 1)
}

export function parameterCount(architecture: Architecture): number {
  return parameters(architecture).reduce((sum, parameter) => sum + sizeOf(parameter), 0)
}
