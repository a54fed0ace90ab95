import type { ModelInfo } from '../../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../../shared/inference/text/bytes-codec.ts'
import { EOS, VOCABULARY_SIZE } from '../../../../shared/inference/tokenizer.ts'

const info: ModelInfo = {
  name: 'test',
  hash: `0x${'ab'.repeat(32)}`,
  executionClass: 'cpu-fp32/ort-1.0.0',
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 512,
  eosToken: EOS,
  stopTokens: [EOS],
  level: 2,
}

/** A model of the byte vocabulary, without any weights. */
export const declared = { info, text: bytesCodec }

export const generateOptions = {
  maxTokens: 24,
  sampling: { temperature: 0.8, topK: 0, topP: 0.9 },
  seed: new Uint8Array(32).fill(7),
}
