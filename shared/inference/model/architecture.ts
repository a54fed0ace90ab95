import { z } from 'zod'

/** A Llama-shaped decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied embeddings. */
export const architectureSchema = z.strictObject({
  vocabularySize: z.int().min(2),
  contextLength: z.int().min(16).max(32_768),
  width: z.int().min(8),
  layers: z.int().min(1),
  heads: z.int().min(1),
  kvHeads: z.int().min(1),
  feedForward: z.int().min(8),
  ropeBase: z.number().positive(),
  normEpsilon: z.number().positive(),
})

export type Architecture = Readonly<z.infer<typeof architectureSchema>>

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

/** One line of JSON with the keys in the schema's order: the bytes that the model hash covers. */
export function canonicalArchitecture(architecture: Architecture): string {
  const keys = Object.keys(architectureSchema.shape) as (keyof Architecture)[]
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, architecture[key]])))
}
