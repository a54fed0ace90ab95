import { StarlingError } from '../../process/errors.ts'
import type { GenerateRequest, ModelInfo, ReplayRequest, ScoreRequest } from '../engine.ts'
import { checkSampling } from '../sampler.ts'

/** Throws REQUEST_INVALID or SAMPLING_INVALID for a request that the model can't run. */
export function checkGenerate(model: ModelInfo, request: GenerateRequest): void {
  checkSampling(request.sampling, request.seed)
  checkTokens(model, request.promptTokens, 'prompt')
  if (!Number.isInteger(request.maxTokens) || request.maxTokens < 1)
    throw invalid(`maxTokens ${request.maxTokens}`, 'give at least 1')
  const { firstPosition = 0 } = request
  if (!Number.isInteger(firstPosition) || firstPosition < 0 || firstPosition > request.promptTokens.length)
    throw invalid(`firstPosition ${firstPosition}`, 'give how many tokens of the prompt are of the answer')
  if (request.promptTokens.length >= model.contextLength) {
    throw invalid(
      `a prompt of ${request.promptTokens.length} tokens`,
      `give less than ${model.contextLength}, to leave room for an answer`,
    )
  }
}

export function checkReplay(model: ModelInfo, request: ReplayRequest): void {
  checkSampling(request.sampling, request.seed)
  if (!(request.tolerance >= 0)) throw invalid(`tolerance ${request.tolerance}`, 'give 0 or more')
  checkScore(model, request)
  const { positions = [] } = request.projectionAt ?? {}
  const stray = positions.find((position) => request.tokens[position] === undefined)
  if (stray !== undefined)
    throw invalid(
      `a projection at answer position ${stray}`,
      `give positions from 0 to ${request.tokens.length - 1}`,
    )
}

/** Throws REQUEST_INVALID for a matrix that fits no hidden state of `width` values; only a loaded model knows how many it has. */
export function checkProjection(matrix: Float32Array, width: number): void {
  checkHidden(width, 'a projection')
  if (matrix.length === 0 || matrix.length % width !== 0)
    throw invalid(`a projection of ${matrix.length} values`, `give whole rows of ${width}`)
}

/** Throws REQUEST_INVALID where a model gives no hidden states. */
export function checkHidden(width: number, what = 'an embedding'): void {
  if (width === 0) throw invalid(what, 'this model gives no hidden states: ask without')
}

/** Of prompt and tokens to be read together: an answer to be scored, or a text to be embedded. */
export function checkScore(model: ModelInfo, { promptTokens, tokens }: ScoreRequest): void {
  checkTokens(model, promptTokens, 'prompt')
  checkTokens(model, tokens, 'answer')
  const together = promptTokens.length + tokens.length
  if (together > model.contextLength)
    throw invalid(`prompt and answer of ${together} tokens`, `give at most ${model.contextLength} together`)
}

export function checkPrefill(model: ModelInfo, tokens: readonly number[]): void {
  checkTokens(model, tokens, 'sequence')
  if (tokens.length > model.contextLength)
    throw invalid(`a sequence of ${tokens.length} tokens`, `give at most ${model.contextLength}`)
}

function checkTokens(model: ModelInfo, tokens: readonly number[], what: string): void {
  if (tokens.length === 0) throw invalid(`an empty ${what}`, 'give at least one token')
  const stray = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= model.vocabularySize)
  if (stray !== undefined)
    throw invalid(`token ${stray} in the ${what}`, `give ids from 0 to ${model.vocabularySize - 1}`)
}

function invalid(what: string, remedy: string): StarlingError {
  return new StarlingError('REQUEST_INVALID', what, remedy)
}
