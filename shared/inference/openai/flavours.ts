/** How a prompt reaches a server: as token ids, as chat messages, or as bare text. */
export type PromptForm = 'ids' | 'chat' | 'text'

export type JsonObject = Readonly<Record<string, unknown>>

/** A page that only servers of one kind have. */
export interface Mark {
  readonly path: string
  readonly field: string
  /** What the field's text begins with; any text unless told. */
  readonly begins?: string
}

/**
 * How one kind of server is to be asked. What it really gives is found out by asking (`detect.ts`), as that depends on its
 * version and on its flags, too.
 */
export interface Flavour {
  /** Part of the execution class. */
  readonly name: string
  /** Known by `owned_by` in /v1/models, or else by a page. */
  readonly owner?: string
  readonly mark?: Mark
  readonly version?: Mark
  /** Best first. */
  readonly prompts: readonly PromptForm[]
  /** Fields that make it tell token ids, and that switch off what it would do to the logits of its own accord. */
  readonly fields: JsonObject
  /** What switches `top_k` off; undefined where the server doesn't take it. */
  readonly topKOff: number | undefined
  /** Some count a `top_p` of 1 as out of range. */
  readonly omitTopPOfOne: boolean
  /**
   * True where token ids in a stream are complete. llama.cpp holds back what is not a whole character yet, and then tells
   * the last of its tokens only.
   */
  readonly streamsAllIds: boolean
  /** The path that tells every token id of a whole answer, where the OpenAI-compatible one doesn't. */
  readonly native?: '/completion'
  /** What an operator should know of it. */
  readonly caveat?: string
}

const NOT_OURS = 'keeps its own top_k and repetition penalty: its sampling is not what was asked for'

/** Field names as of vLLM 0.11 and later, SGLang 0.5, TGI 3.3, llama.cpp of late 2025, Ollama 0.12.11. */
export const FLAVOURS: readonly Flavour[] = [
  {
    name: 'vllm',
    owner: 'vllm',
    version: { path: '/version', field: 'version' },
    prompts: ['ids', 'chat', 'text'],
    // The second is what the first was before 0.10.2.
    fields: {
      return_token_ids: true,
      return_tokens_as_token_ids: true,
      min_p: 0,
      repetition_penalty: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
    },
    topKOff: -1,
    omitTopPOfOne: false,
    streamsAllIds: true,
  },
  {
    name: 'sglang',
    owner: 'sglang',
    version: { path: '/server_info', field: 'version' },
    prompts: ['ids', 'chat', 'text'],
    fields: { return_token_ids: true, min_p: 0, repetition_penalty: 1 },
    topKOff: -1,
    omitTopPOfOne: false,
    streamsAllIds: true,
  },
  {
    name: 'llama.cpp',
    owner: 'llamacpp',
    version: { path: '/props', field: 'build_info' },
    prompts: ['ids', 'chat', 'text'],
    // Top-p after the temperature, as everybody else does; the default order is the other way round, and has eight more.
    fields: { samplers: ['top_k', 'temperature', 'top_p'], return_tokens: true },
    topKOff: 0,
    omitTopPOfOne: false,
    streamsAllIds: false,
    native: '/completion',
  },
  {
    name: 'tgi',
    mark: { path: '/info', field: 'router', begins: 'text-generation-router' },
    version: { path: '/info', field: 'version' },
    prompts: ['chat', 'text'],
    fields: {},
    topKOff: undefined,
    omitTopPOfOne: true,
    streamsAllIds: true,
  },
  {
    name: 'ollama',
    mark: { path: '/api/version', field: 'version' },
    version: { path: '/api/version', field: 'version' },
    prompts: ['chat', 'text'],
    fields: {},
    topKOff: undefined,
    omitTopPOfOne: false,
    streamsAllIds: true,
    caveat: NOT_OURS,
  },
]

/** Any other server: only what OpenAI's own reference has. */
export const UNKNOWN_FLAVOUR: Flavour = {
  name: 'unknown',
  prompts: ['ids', 'chat', 'text'],
  fields: {},
  topKOff: undefined,
  omitTopPOfOne: false,
  streamsAllIds: true,
  caveat: 'is of no known kind: whatever it does to the logits of its own accord stays on',
}
