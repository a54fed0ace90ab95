import { type Architecture, headWidth } from '../model/architecture.ts'
import { BOS, EOS } from '../tokenizer.ts'
import type { Dtype } from './elements.ts'
import { type ExportedFile, jsonFile } from './files.ts'

/** `config.json` of a Llama in the terms of Hugging Face transformers, and its `generation_config.json`. */
export function configFiles(architecture: Architecture, dtype: Dtype): ExportedFile[] {
  const ids = { bos_token_id: BOS, eos_token_id: EOS, pad_token_id: EOS }
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: architecture.vocabularySize,
    max_position_embeddings: architecture.contextLength,
    hidden_size: architecture.width,
    intermediate_size: architecture.feedForward,
    num_hidden_layers: architecture.layers,
    num_attention_heads: architecture.heads,
    num_key_value_heads: architecture.kvHeads,
    head_dim: headWidth(architecture),
    hidden_act: 'silu',
    rms_norm_eps: architecture.normEpsilon,
    rope_theta: architecture.ropeBase,
    rope_scaling: null,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: true,
    use_cache: true,
    ...ids,
    torch_dtype: dtype === 'fp32' ? 'float32' : 'float16',
    // The type of keys and values by the type of the file, which transformers.js can't see in the graph.
    'transformers.js_config': { kv_cache_dtype: { fp16: 'float16' } },
  }
  return [
    jsonFile('config.json', config),
    jsonFile('generation_config.json', { ...ids, max_length: architecture.contextLength, do_sample: false }),
  ]
}
