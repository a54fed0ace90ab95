import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { genaiFiles } from '../../../shared/inference/export/genai.ts'
import { ggufFiles } from '../../../shared/inference/export/gguf.ts'
import { huggingFaceFiles } from '../../../shared/inference/export/hugging-face.ts'
import { TINY_MODEL } from './tiny-export.ts'

test('exports have the same bytes everywhere', () => {
  const files = [
    ...huggingFaceFiles(TINY_MODEL, 'fp32'),
    ...huggingFaceFiles(TINY_MODEL, 'fp16').filter(({ path }) => path.endsWith('.onnx')),
    ...genaiFiles(TINY_MODEL, 'fp32').filter(({ path }) => !path.startsWith('tokenizer')),
    ...ggufFiles(TINY_MODEL, 'fp32'),
    ...ggufFiles(TINY_MODEL, 'fp16'),
    ...ggufFiles(TINY_MODEL, 'q8_0'),
  ]
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  expect(files.map(({ path, bytes }) => `${digest(bytes)} ${path}`)).toMatchInlineSnapshot(`
    [
      "18508a87216ed903 config.json",
      "815bc3dd1b0a97d8 generation_config.json",
      "75e272bab5ca77c2 tokenizer.json",
      "1ffc3a1c17dddaf0 tokenizer_config.json",
      "71975f19dfb794fe onnx/model.onnx",
      "405bc5a41467851a onnx/model_fp16.onnx",
      "6320981e62404544 genai_config.json",
      "c90923f8dce92a70 model.onnx",
      "18636e817feb4106 model.onnx.data",
      "7e200414c229053f tiny-F32.gguf",
      "fa16e38073ff73b1 tiny-F16.gguf",
      "7704856d86ae4a37 tiny-Q8_0.gguf",
    ]
  `)
})
