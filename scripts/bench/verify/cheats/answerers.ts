import { type Answer, type Answerer, engineAnswerer } from '../../../../miner/answerer.ts'
import type { Engine } from '../../../../shared/inference/engine.ts'
import type { SamplingParams } from '../../../../shared/inference/sampler.ts'
import { SKETCH_VALUES, sketchMatrix } from '../../../../shared/proof/sketch/matrix.ts'
import type { Whitening } from '../../../../shared/proof/sketch/whitening.ts'
import type { Challenge } from '../../../../shared/protocol/messages.ts'

/** Reads another prompt than the declared one, and says nothing of it. */
export function withPrompt(answerer: Answerer, edit: (prompt: string) => string): Answerer {
  return (challenge, signal) => answerer({ ...challenge, prompt: edit(challenge.prompt) }, signal)
}

/** Samples otherwise than asked. */
export function withSampling(
  answerer: Answerer,
  change: (declared: SamplingParams) => Partial<SamplingParams>,
): Answerer {
  return (challenge, signal) => {
    const sampling = { ...challenge.sampling, ...change(challenge.sampling) }
    return answerer({ ...challenge, sampling }, signal)
  }
}

/**
 * Tokens from wherever they are cheap, and hidden states from one honest reading of prompt and answer afterwards: only the margins can
 * tell.
 */
export function withHonestRows(answerer: Answerer, declared: Engine, whitening: Whitening): Answerer {
  return async (challenge, signal) =>
    readAgain(declared, whitening, challenge, await answerer(challenge, signal))
}

/** Another's answer with one token in its middle replaced, and hidden states of that text. */
export function editedCopy(answerer: Answerer, declared: Engine, whitening: Whitening): Answerer {
  return async (challenge, signal) => {
    const { tokens, finish } = await answerer(challenge, signal)
    const middle = tokens.length >> 1
    const edited = tokens.with(middle, tokens[middle] === SPACE ? COMMA : SPACE)
    return readAgain(declared, whitening, challenge, {
      tokens: edited,
      finish,
      text: declared.text.decode(edited),
    })
  }
}

const [SPACE, COMMA] = [32, 44]

/** An honest answer that ends in its middle, and says that the model wanted it so. */
export function cutShort(answerer: Answerer, declared: Engine): Answerer {
  return async (challenge, signal) => {
    const { tokens, sketches } = await answerer(challenge, signal)
    const kept = [...tokens.slice(0, Math.ceil(tokens.length / 2)), declared.model.eosToken]
    return {
      tokens: kept,
      text: declared.text.decode(kept),
      finish: 'stop',
      ...(sketches && { sketches: sketches.slice(0, kept.length * SKETCH_VALUES) }),
    }
  }
}

/** Serves a model of another width: of its hidden states as many values as fit go into the sketches. */
export function otherWidth(other: Engine, hotkey: Uint8Array, whitening: Whitening, width: number): Answerer {
  // An engine projects whatever it is asked to, so the declared model's matrix is cut or filled up on its way there.
  const generate: Engine['generate'] = ({ projection, ...request }) =>
    other.generate({
      ...request,
      ...(projection && { projection: fitted(projection, whitening.width, width) }),
    })
  return engineAnswerer({ ...other, generate }, hotkey, whitening)
}

/** Columns of a matrix [SKETCH_VALUES, from] cut, or filled up with zeros, to another width. */
function fitted(matrix: Float32Array, from: number, to: number): Float32Array {
  const out = new Float32Array(SKETCH_VALUES * to)
  for (let row = 0; row < SKETCH_VALUES; row++)
    out.set(matrix.subarray(row * from, row * from + Math.min(from, to)), row * to)
  return out
}

async function readAgain(
  declared: Engine,
  whitening: Whitening,
  { id, prompt, sampling }: Challenge,
  answer: Answer,
): Promise<Answer> {
  const { projected } = await declared.replay({
    ...{ promptTokens: declared.text.encodePrompt(prompt), tokens: answer.tokens, sampling },
    ...{ seed: new Uint8Array(32), tolerance: 0 },
    projectionAt: {
      matrix: sketchMatrix(id, whitening),
      positions: answer.tokens.map((_, position) => position),
    },
  })
  return { ...answer, sketches: projected! }
}
