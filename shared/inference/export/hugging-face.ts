import type { LoadedModel } from '../model/folder.ts'
import type { Dtype } from './elements.ts'
import type { ExportedFile } from './files.ts'
import { configFiles } from './llama-config.ts'
import { optimumGraph } from './optimum-graph.ts'
import { tokenizerFiles } from './tokenizer-files.ts'

/** A folder as Optimum lays it out, for transformers.js and others. */
export function huggingFaceFiles({ manifest, weights }: LoadedModel, dtype: Dtype): ExportedFile[] {
  const { architecture } = manifest
  const name = dtype === 'fp32' ? 'model.onnx' : 'model_fp16.onnx'
  return [
    ...configFiles(architecture, dtype),
    ...tokenizerFiles(architecture.contextLength),
    { path: `onnx/${name}`, bytes: optimumGraph(architecture, weights, dtype) },
  ]
}
