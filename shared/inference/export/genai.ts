import { headWidth } from '../model/architecture.ts'
import type { LoadedModel } from '../model/folder.ts'
import { BOS, EOS } from '../tokenizer.ts'
import type { Dtype } from './elements.ts'
import { collectExternalData } from './external-data.ts'
import { type ExportedFile, jsonFile } from './files.ts'
import { genaiGraph } from './genai-graph.ts'
import { tokenizerFiles } from './tokenizer-files.ts'

const MODEL_FILE = 'model.onnx'
const DATA_FILE = 'model.onnx.data'

/** A folder as onnxruntime-genai reads it: the weights lie in a file of their own. */
export function genaiFiles({ manifest, weights }: LoadedModel, dtype: Dtype): ExportedFile[] {
  const { architecture } = manifest
  const data = collectExternalData(DATA_FILE)
  const graph = genaiGraph(architecture, weights, dtype, data.store)
  const config = {
    model: {
      type: 'llama',
      vocab_size: architecture.vocabularySize,
      context_length: architecture.contextLength,
      bos_token_id: BOS,
      eos_token_id: EOS,
      pad_token_id: EOS,
      decoder: {
        session_options: { log_id: 'onnxruntime-genai', provider_options: [] },
        filename: MODEL_FILE,
        head_size: headWidth(architecture),
        hidden_size: architecture.width,
        num_attention_heads: architecture.heads,
        num_hidden_layers: architecture.layers,
        num_key_value_heads: architecture.kvHeads,
        inputs: {
          input_ids: 'input_ids',
          attention_mask: 'attention_mask',
          past_key_names: 'past_key_values.%d.key',
          past_value_names: 'past_key_values.%d.value',
        },
        outputs: {
          logits: 'logits',
          present_key_names: 'present.%d.key',
          present_value_names: 'present.%d.value',
        },
      },
    },
    search: {
      do_sample: false,
      max_length: architecture.contextLength,
      min_length: 0,
      num_beams: 1,
      num_return_sequences: 1,
      past_present_share_buffer: false,
      repetition_penalty: 1,
      temperature: 1,
      top_k: 1,
      top_p: 1,
    },
  }
  return [
    jsonFile('genai_config.json', config),
    ...tokenizerFiles(architecture.contextLength),
    { path: MODEL_FILE, bytes: graph },
    { path: DATA_FILE, bytes: data.finish() },
  ]
}
