import { headWidth } from '../model/architecture.ts'
import type { LoadedModel } from '../model/folder.ts'
import { BOS, EOS } from '../tokenizer.ts'
import { BYTE_ALPHABET } from './byte-alphabet.ts'
import { CHAT_TEMPLATE, MARK_NAMES } from './chat-template.ts'
import type { ExportedFile } from './files.ts'
import { type GgufDtype, ggufTensors } from './gguf-tensors.ts'
import { ggufFile, type MetadataValue } from './gguf-writer.ts'

/** `enum llama_ftype`: what most matrices are stored as. */
const FILE_TYPES: Readonly<Record<GgufDtype, number>> = { fp32: 0, fp16: 1, q8_0: 7 }
const FILE_NAMES: Readonly<Record<GgufDtype, string>> = { fp32: 'F32', fp16: 'F16', q8_0: 'Q8_0' }

/** `enum llama_token_type` */
const NORMAL = 1
const CONTROL = 3

/** One GGUF file that llama.cpp loads: architecture `llama`, and a byte-level BPE vocabulary without merges. */
export function ggufFiles({ manifest, weights }: LoadedModel, dtype: GgufDtype): ExportedFile[] {
  const { name, architecture } = manifest
  const metadata: (readonly [string, MetadataValue])[] = [
    ['general.architecture', { string: 'llama' }],
    ['general.name', { string: name }],
    ['general.file_type', { uint32: FILE_TYPES[dtype] }],
    ['general.quantization_version', { uint32: 2 }],
    ['llama.vocab_size', { uint32: architecture.vocabularySize }],
    ['llama.context_length', { uint32: architecture.contextLength }],
    ['llama.embedding_length', { uint32: architecture.width }],
    ['llama.block_count', { uint32: architecture.layers }],
    ['llama.feed_forward_length', { uint32: architecture.feedForward }],
    ['llama.attention.head_count', { uint32: architecture.heads }],
    ['llama.attention.head_count_kv', { uint32: architecture.kvHeads }],
    ['llama.attention.layer_norm_rms_epsilon', { float32: architecture.normEpsilon }],
    ['llama.rope.dimension_count', { uint32: headWidth(architecture) }],
    ['llama.rope.freq_base', { float32: architecture.ropeBase }],
    ...vocabulary(),
  ]
  const bytes = ggufFile(metadata, ggufTensors(architecture, weights, dtype))
  return [{ path: `${name}-${FILE_NAMES[dtype]}.gguf`, bytes }]
}

function vocabulary(): (readonly [string, MetadataValue])[] {
  const marks = [MARK_NAMES.bos, MARK_NAMES.eos, MARK_NAMES.answer]
  return [
    ['tokenizer.ggml.model', { string: 'gpt2' }],
    // How text is cut before merging; without merges any cut gives the same bytes.
    ['tokenizer.ggml.pre', { string: 'gpt-2' }],
    ['tokenizer.ggml.tokens', { strings: [...BYTE_ALPHABET, ...marks] }],
    [
      'tokenizer.ggml.token_type',
      { int32s: [...BYTE_ALPHABET.map(() => NORMAL), ...marks.map(() => CONTROL)] },
    ],
    ['tokenizer.ggml.merges', { strings: [] }],
    ['tokenizer.ggml.bos_token_id', { uint32: BOS }],
    ['tokenizer.ggml.eos_token_id', { uint32: EOS }],
    ['tokenizer.ggml.add_bos_token', { bool: false }],
    ['tokenizer.ggml.add_eos_token', { bool: false }],
    ['tokenizer.chat_template', { string: CHAT_TEMPLATE }],
  ]
}
