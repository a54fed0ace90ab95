import type { OpenAiBackend } from './start-openai-backend.ts'

export interface CheckOptions {
  readonly prompt: string
  readonly maxTokens: number
  /** Answers asked for at once. */
  readonly concurrent: number
  /** 32 random bytes. */
  readonly seed: () => Uint8Array
  /** Milliseconds of a clock that never runs backwards. */
  readonly now: () => number
}

/** What an operator wants to know of a backend before it serves; plain values by name. */
export async function checkBackend(
  backend: OpenAiBackend,
  options: CheckOptions,
): Promise<Readonly<Record<string, string | number | boolean>>> {
  const { detected, model, text } = backend
  const ask = (onPiece?: () => void) =>
    backend.generate({
      promptTokens: text.encodePrompt(options.prompt),
      maxTokens: options.maxTokens,
      sampling: { temperature: 0.8, topK: 0, topP: 1 },
      seed: options.seed(),
      ...(onPiece === undefined ? {} : { onPiece }),
    })
  const begun = options.now()
  let firstPieceMs: number | undefined
  const sample = await ask(() => {
    firstPieceMs ??= options.now() - begun
  })
  const start = options.now()
  const answers = await Promise.all(Array.from({ length: options.concurrent }, () => ask()))
  const seconds = (options.now() - start) / 1000
  // A server that tells no ids is counted in what the declared model would have needed.
  const tokens = answers.reduce((sum, a) => sum + (a.tokens.length || text.encodeText(a.text).length), 0)
  const { signals, flavour } = detected
  return {
    kind: flavour.name,
    executionClass: model.executionClass,
    servedModel: detected.model,
    declaredModel: `${model.name} ${model.hash}`,
    level: model.level,
    prompt: detected.form,
    promptIds: signals.promptIds,
    tokenIds: signals.tokenIds,
    logProbs: signals.logProbs,
    promptLogProbs: signals.promptLogProbs,
    idsInStreams: signals.tokenIds && sample.tokens.length > 0,
    firstPieceMs: Math.round(firstPieceMs ?? 0),
    tokensPerSecond: Math.round(tokens / seconds),
    sample: JSON.stringify(sample.text),
    caveat: flavour.caveat ?? '-',
  }
}
