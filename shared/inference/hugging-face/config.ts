import { z } from 'zod'
import { readJsonFile } from './json-file.ts'
import { unservable } from './unservable.ts'

/** Names of a graph's inputs and outputs; %d stands for the layer. */
export interface TensorNames {
  readonly inputIds: string
  readonly attentionMask: string
  readonly positionIds: string
  readonly pastKey: string
  readonly pastValue: string
  readonly logits: string
  readonly presentKey: string
  readonly presentValue: string
}

/** What the JSON files of a folder say of its model. */
export interface FolderConfig {
  readonly names: TensorNames
  /** Relative to the folder; undefined where no file says so. */
  readonly onnxFile: string | undefined
  readonly contextLength: number
  /** Tokens that end an answer, the most important first. */
  readonly stopTokens: readonly number[]
  readonly vocabularySize: number | undefined
  /** For graphs that leave these sizes of their cache open. */
  readonly kvHeads: number | undefined
  readonly headWidth: number | undefined
}

/** As Optimum names them. */
const OPTIMUM_NAMES: TensorNames = {
  inputIds: 'input_ids',
  attentionMask: 'attention_mask',
  positionIds: 'position_ids',
  pastKey: 'past_key_values.%d.key',
  pastValue: 'past_key_values.%d.value',
  logits: 'logits',
  presentKey: 'present.%d.key',
  presentValue: 'present.%d.value',
}

const size = z.int().positive().nullish()
const tokens = z
  .union([z.int(), z.array(z.int())])
  .nullish()
  .transform((value) => (value == null ? [] : [value].flat()))

const sizes = {
  vocab_size: size,
  max_position_embeddings: size,
  n_positions: size,
  n_ctx: size,
  max_seq_len: size,
  num_attention_heads: size,
  num_key_value_heads: size,
  hidden_size: size,
  head_dim: size,
}
const configSchema = z.object({
  ...sizes,
  // Models that also see or hear keep the sizes of their text part here.
  text_config: z.object(sizes).nullish(),
  is_encoder_decoder: z.boolean().nullish(),
  eos_token_id: tokens,
})
const generationSchema = z.object({ eos_token_id: tokens })

const perLayer = z.string().includes('%d')

const genaiSchema = z.object({
  model: z.object({
    context_length: z.int().positive(),
    eos_token_id: tokens,
    vocab_size: size,
    encoder: z.unknown().optional(),
    vision: z.unknown().optional(),
    speech: z.unknown().optional(),
    embedding: z.unknown().optional(),
    decoder: z.object({
      filename: z.string().optional(),
      head_size: size,
      num_key_value_heads: size,
      pipeline: z.unknown().optional(),
      inputs: z
        .object({
          input_ids: z.string().default(OPTIMUM_NAMES.inputIds),
          attention_mask: z.string().default(OPTIMUM_NAMES.attentionMask),
          position_ids: z.string().default(OPTIMUM_NAMES.positionIds),
          past_key_names: perLayer.default(OPTIMUM_NAMES.pastKey),
          past_value_names: perLayer.default(OPTIMUM_NAMES.pastValue),
          past_names: z.string().optional(),
        })
        .prefault({}),
      outputs: z
        .object({
          logits: z.string().default(OPTIMUM_NAMES.logits),
          present_key_names: perLayer.default(OPTIMUM_NAMES.presentKey),
          present_value_names: perLayer.default(OPTIMUM_NAMES.presentValue),
        })
        .prefault({}),
    }),
  }),
})

/**
 * Reads `genai_config.json` where there is one (onnxruntime-genai), else `config.json` (Optimum), and
 * `generation_config.json` beside them. Throws MODEL_UNSERVABLE for a kind of model that isn't served.
 */
export async function readFolderConfig(folder: string): Promise<FolderConfig> {
  const genai = await readJsonFile(folder, 'genai_config.json', genaiSchema)
  const config = await readJsonFile(folder, 'config.json', configSchema)
  const generation = await readJsonFile(folder, 'generation_config.json', generationSchema)
  if (genai !== undefined) return fromGenai(folder, genai.model, generation?.eos_token_id ?? [])
  if (config === undefined) throw unservable(folder, 'has neither a config.json nor a genai_config.json')
  if (config.is_encoder_decoder) throw unservable(folder, 'holds an encoder-decoder model')

  const own = { ...config, ...defined(config.text_config ?? {}) }
  const contextLength = own.max_position_embeddings ?? own.n_positions ?? own.n_ctx ?? own.max_seq_len
  if (contextLength == null) throw unservable(folder, 'has a config.json without max_position_embeddings')
  const heads = own.num_attention_heads ?? undefined
  const shared = own.hidden_size != null && heads !== undefined ? own.hidden_size / heads : undefined
  return {
    names: OPTIMUM_NAMES,
    onnxFile: undefined,
    contextLength,
    stopTokens: unique([...(generation?.eos_token_id ?? []), ...config.eos_token_id]),
    vocabularySize: own.vocab_size ?? undefined,
    kvHeads: own.num_key_value_heads ?? heads,
    headWidth: own.head_dim ?? shared,
  }
}

function fromGenai(
  folder: string,
  model: z.infer<typeof genaiSchema>['model'],
  generationStops: readonly number[],
): FolderConfig {
  const { decoder } = model
  if (decoder.pipeline !== undefined) throw unservable(folder, 'splits its model into a pipeline of graphs')
  for (const part of ['encoder', 'vision', 'speech', 'embedding'] as const) {
    if (model[part] !== undefined) throw unservable(folder, `holds a model with a part for ${part}`)
  }
  const { inputs, outputs } = decoder
  if (inputs.past_names !== undefined)
    throw unservable(folder, `keeps keys and values in one tensor (${inputs.past_names})`)
  return {
    names: {
      inputIds: inputs.input_ids,
      attentionMask: inputs.attention_mask,
      positionIds: inputs.position_ids,
      pastKey: inputs.past_key_names,
      pastValue: inputs.past_value_names,
      logits: outputs.logits,
      presentKey: outputs.present_key_names,
      presentValue: outputs.present_value_names,
    },
    onnxFile: decoder.filename ?? 'model.onnx',
    contextLength: model.context_length,
    stopTokens: unique([...model.eos_token_id, ...generationStops]),
    vocabularySize: model.vocab_size ?? undefined,
    kvHeads: decoder.num_key_value_heads ?? undefined,
    headWidth: decoder.head_size ?? undefined,
  }
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Partial<T>
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)]
}
