import { StarlingError } from '../../process/errors.ts'
import type { GenerateRequest, Generation, ModelInfo } from '../engine.ts'
import type { Detected } from './detect.ts'
import { malformed } from './errors.ts'
import { hearStream, hearWhole } from './listen.ts'
import type { PromptMemory } from './prompts.ts'
import type { Delta } from './replies.ts'
import { askFor, askNative } from './request-body.ts'
import type { Server } from './server.ts'
import { answerTokens, isSameText } from './settle.ts'

export interface GenerateParts {
  readonly server: Server
  readonly detected: Detected
  readonly model: ModelInfo
  readonly memory: PromptMemory
}

/**
 * One answer from the server, sampled by its own generator. Tokens are told whole or not at all.
 * @throws StarlingError BACKEND_…, BUSY, REQUEST_INVALID, and the signal's reason
 */
export async function generateThere(
  parts: GenerateParts,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<Generation> {
  const { server, detected, model, memory } = parts
  const { flavour, form, signals } = detected
  checkServed(parts, request)
  const prompt = memory.recall(request.promptTokens)
  const ask = (stream: boolean) => askFor(flavour, detected.model, form, prompt, request, stream)

  const { onPiece } = request
  if (onPiece === undefined && !flavour.streamsAllIds) {
    const isNative = form === 'ids' && flavour.native !== undefined
    const whole = isNative ? askNative(flavour, flavour.native, prompt, request) : ask(false)
    const heard = await hearWhole(server, whole, signal)
    const tokens = signals.tokenIds ? answerTokens(model, heard) : []
    return {
      text: tokens.length > 0 ? memory.text.decode(tokens) : heard.text,
      tokens,
      finish: heard.finish,
    }
  }

  // Where every id comes with its event, the text is spelled here, so that it is what the tokens spell.
  const spelling = signals.tokenIds && flavour.streamsAllIds ? memory.text.stream() : undefined
  let text = ''
  const emit = (tokens: readonly number[], piece: string) => {
    text += piece
    if (tokens.length > 0 || piece !== '') onPiece?.({ tokens, text: piece })
  }
  const onDelta = ({ ids, text: told }: Delta) =>
    spelling === undefined ? emit([], told) : emit(ids, spelling.push(ids))
  const heard = await hearStream(server, ask(true), onDelta, signal)
  const tokens = signals.tokenIds ? answerTokens(model, heard) : []
  if (spelling !== undefined) {
    emit([], spelling.end())
    if (tokens.length === 0 && !isSameText(text, heard.text))
      throw malformed(server.url, 'told the ids of some tokens of an answer, and left out others')
    return { text, tokens, finish: heard.finish }
  }
  const spelled = memory.text.decode(tokens)
  if (!spelled.startsWith(text)) return { text, tokens: [], finish: heard.finish }
  emit([], spelled.slice(text.length))
  return { text, tokens, finish: heard.finish }
}

function checkServed({ server, detected }: GenerateParts, request: GenerateRequest): void {
  if (request.wantHidden === true || request.projection !== undefined)
    throw new StarlingError('REQUEST_INVALID', `${server.url} tells no hidden states`, 'ask without them')
  if (request.sampling.topK > 0 && detected.flavour.topKOff === undefined) {
    throw new StarlingError(
      'SAMPLING_INVALID',
      `a server of kind ${detected.flavour.name} takes no top_k`,
      'give a topK of 0, or use another server',
    )
  }
}
