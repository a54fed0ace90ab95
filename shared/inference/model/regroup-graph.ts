import { INT32, OnnxGraph } from '../onnx/graph.ts'
import { type Architecture, headWidth } from './architecture.ts'
import { cacheShapes, elementType, type Precision } from './device-graph.ts'

/**
 * ONNX bytes of the graph that makes the cache of one batch out of two without leaving the device: any rows, any columns,
 * holes closed. Inputs: `index` [batch, kvHeads, columns] int32, for each new place the old one, counted row-major
 * through [batch, kvHeads, columns] of `a`, then of `b`; `a.L.key|value`, `b.L.key|value` as in `deviceGraph`.
 * Outputs: `out.L.key|value`.
 */
export function regroupGraph(architecture: Architecture, precision: Precision): Uint8Array {
  const graph = new OnnxGraph()
  const type = elementType(precision)
  const columnsFirst = graph.integers(-1, headWidth(architecture))
  graph.input('index', INT32, ['batch', architecture.kvHeads, 'columns'])
  const transposed = (value: string, outputs?: readonly string[]) =>
    graph.node('Transpose', [value], {
      attributes: { perm: [0, 1, 3, 2] },
      ...(outputs === undefined ? {} : { outputs }),
    })
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const part of ['key', 'value'] as const) {
      const flat = (['a', 'b'] as const).map((source) => {
        const shape = cacheShapes(architecture, `batch_${source}`)(`columns_${source}`)[part]
        const input = graph.input(`${source}.${layer}.${part}`, type, shape)
        return graph.node('Reshape', [part === 'key' ? transposed(input) : input, columnsFirst])
      })
      const all = graph.node('Concat', flat, { attributes: { axis: 0 } })
      const output = `out.${layer}.${part}`
      const outputs = part === 'value' ? { outputs: [output] } : {}
      const chosen = graph.node('Gather', [all, 'index'], { attributes: { axis: 0 }, ...outputs })
      if (part === 'key') transposed(chosen, [output])
      graph.output(output, type, cacheShapes(architecture, 'batch')('columns')[part])
    }
  }
  return graph.finish()
}
