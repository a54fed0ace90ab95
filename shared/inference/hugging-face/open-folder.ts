import { basename, resolve } from 'node:path'
import { z } from 'zod'
import type { ModelInfo } from '../engine.ts'
import { executionClass, type Provider } from '../onnx/execution-class.ts'
import { type HuggingFaceCodec, huggingFaceCodec } from '../text/hugging-face-codec.ts'
import type { TextCodec } from '../text-codec.ts'
import { type Bindings, bindGraph } from './bindings.ts'
import { type FolderConfig, readFolderConfig } from './config.ts'
import type { HuggingFaceSource } from './create-runtime.ts'
import { hashFolder } from './hash-folder.ts'
import { readJsonFile, readTextFile } from './json-file.ts'
import { findOnnxFile, readOnnxFile } from './onnx-files.ts'
import { type Precision, precisionOf } from './precision.ts'
import { unservable } from './unservable.ts'

/** A folder that can be served, as far as looking at it tells. */
export interface OpenedFolder {
  readonly info: ModelInfo
  readonly text: TextCodec
  readonly source: HuggingFaceSource
}

/**
 * Models say that they can read a hundred thousand tokens; a cache of that length, for a whole batch, is more memory than
 * most operators mean to give.
 */
export const DEFAULT_CONTEXT_LIMIT = 4096

const anyJson = z.record(z.string(), z.unknown())

/**
 * Looks at a folder with an ONNX model as Optimum or onnxruntime-genai lay it out, without loading its weights. Throws
 * MODEL_UNSERVABLE with what is in the way, and MODEL_DAMAGED for an ONNX file that can't be read as one.
 *
 * @param contextLimit the longest prompt and answer together, in tokens, if the model can read more
 */
export async function openHuggingFaceFolder(
  path: string,
  provider: Provider,
  contextLimit = DEFAULT_CONTEXT_LIMIT,
): Promise<OpenedFolder> {
  const folder = resolve(path)
  const config = await readFolderConfig(folder)
  const onnxFile = findOnnxFile(folder, config.onnxFile)
  const { facts, externalFiles } = readOnnxFile(folder, onnxFile)
  const bindings = bindGraph(folder, config, facts)
  const precision = precisionOf(facts)
  const tokenizerConfig = (await readJsonFile(folder, 'tokenizer_config.json', anyJson)) ?? {}
  const text = await readCodec(folder, tokenizerConfig, bindings)
  const hash = await hashFolder(folder, [onnxFile, ...externalFiles])
  const contextLength = Math.min(config.contextLength, contextLimit)
  const stopTokens = stopTokensOf(folder, config, text, tokenizerConfig, bindings)
  const info = {
    name: printable(basename(folder)),
    hash,
    executionClass: executionClass(provider, precision.name),
    vocabularySize: bindings.vocabularySize,
    contextLength,
    eosToken: stopTokens[0]!,
    stopTokens,
    level: levelOf(precision),
  }
  const { isDynamic } = precision
  return {
    info,
    text,
    source: { kind: 'hugging-face', folder, onnxFile, bindings, contextLength, isDynamic },
  }
}

async function readCodec(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  { vocabularySize }: Bindings,
): Promise<HuggingFaceCodec> {
  const tokenizer = await readJsonFile(folder, 'tokenizer.json', anyJson)
  if (tokenizer === undefined)
    throw unservable(
      folder,
      'has no tokenizer.json',
      "save its tokenizer there with transformers' fast tokenizers",
    )
  const template = await readTextFile(folder, 'chat_template.jinja')
  let codec: HuggingFaceCodec
  try {
    codec = huggingFaceCodec({ tokenizer, config, template })
    // A template may parse and still ask for what it isn't given.
    codec.encodePrompt('hello')
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw unservable(folder, `has a tokenizer or chat template that can't be used: ${line}`)
  }
  if (codec.size > vocabularySize)
    throw unservable(
      folder,
      `has a tokenizer with ids up to ${codec.size - 1} and a graph that knows ${vocabularySize} tokens`,
      'take tokenizer and graph from one model',
    )
  return codec
}

/** What the config says ends an answer; the tokenizer's own end of text first, as answers were ended with it in training. */
function stopTokensOf(
  folder: string,
  config: FolderConfig,
  codec: HuggingFaceCodec,
  tokenizerConfig: Readonly<Record<string, unknown>>,
  { vocabularySize }: Bindings,
): readonly number[] {
  const { eos_token: named } = tokenizerConfig
  const own = typeof named === 'string' ? codec.idOf(named) : undefined
  const listed = config.stopTokens.filter((token) => token >= 0 && token < vocabularySize)
  const all = own === undefined ? listed : [own, ...listed.filter((token) => token !== own)]
  if (all.length > 0) return all
  throw unservable(
    folder,
    'does not say which token ends an answer',
    'put eos_token_id into generation_config.json',
  )
}

/** Dynamic quantisation makes a replay inexact, so only the likelihood of its tokens can be checked. */
function levelOf({ isDynamic }: Precision): ModelInfo['level'] {
  return isDynamic ? 1 : 2
}

/** Names go over the wire as visible ASCII. */
function printable(name: string): string {
  return name.replaceAll(/[^\x21-\x7e]/g, '-').slice(0, 64) || 'model'
}
