import type { AnswerPiece, Generation, ModelInfo } from '../../../../shared/inference/engine.ts'
import type { Detected } from '../../../../shared/inference/openai/detect.ts'
import { startOpenAiBackend } from '../../../../shared/inference/openai/start-openai-backend.ts'
import { bytesCodec } from '../../../../shared/inference/text/bytes-codec.ts'
import { EOS, VOCABULARY_SIZE } from '../../../../shared/inference/tokenizer.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'

/** What our backend makes of a server, over a fixed list of calls: recorded once, and compared ever after. */
export interface ScenarioResult {
  readonly detected: Pick<Detected, 'version' | 'model' | 'form' | 'signals' | 'level'> & {
    readonly flavour: string
  }
  readonly executionClass: string
  readonly answers: readonly (Generation & { readonly pieces: readonly AnswerPiece[] })[]
  /** Code of the error on a prompt that is too long for the server. */
  readonly tooLong: string
}

/** Any model of the byte vocabulary: the server may hold later weights than the recording. */
const info: ModelInfo = {
  name: 'recorded',
  hash: `0x${'00'.repeat(32)}`,
  executionClass: 'cpu-fp32/ort',
  vocabularySize: VOCABULARY_SIZE,
  contextLength: 4096,
  eosToken: EOS,
  stopTokens: [EOS],
  level: 2,
}

const QUESTION = 'Add 17 and 25.'
const greedy = { temperature: 0, topK: 0, topP: 1 }
/** So hot that answers are noise: characters of several bytes, and bytes that are none. */
const hot = { temperature: 20, topK: 0, topP: 1 }

export async function playScenario(url: string, fetchLike: typeof fetch): Promise<ScenarioResult> {
  const backend = await startOpenAiBackend({
    url,
    fetch: fetchLike,
    declared: { info, text: bytesCodec },
  })
  const ask = async (sampling: typeof greedy, maxTokens: number, wantPieces: boolean) => {
    const pieces: AnswerPiece[] = []
    const generation = await backend.generate({
      ...{ maxTokens, sampling, seed: new Uint8Array(32).fill(3) },
      promptTokens: backend.text.encodePrompt(QUESTION),
      ...(wantPieces ? { onPiece: (piece: AnswerPiece) => pieces.push(piece) } : {}),
    })
    return { ...generation, pieces }
  }
  const answers = []
  for (const wantPieces of [false, true]) {
    answers.push(await ask(greedy, 40, wantPieces))
    answers.push(await ask(greedy, 3, wantPieces))
    answers.push(await ask(hot, 60, wantPieces))
  }
  const promptTokens = backend.text.encodePrompt('a'.repeat(700))
  const refused = backend.generate({ promptTokens, maxTokens: 1, sampling: greedy, seed: new Uint8Array(32) })
  const error = await refused.catch((caught: unknown) => caught)
  const { flavour, version, model, form, signals, level } = backend.detected
  return {
    detected: { flavour: flavour.name, version, model, form, signals, level },
    executionClass: backend.model.executionClass,
    answers,
    tooLong: error instanceof StarlingError ? error.code : 'none',
  }
}
