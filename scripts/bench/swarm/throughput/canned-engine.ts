import type { Engine, ReplayRequest } from '../../../../shared/inference/engine.ts'
import { openModel } from '../../../../shared/inference/open-model.ts'
import { seededRandom } from '../../../../shared/inference/random.ts'
import { SKETCH_VALUES } from '../../../../shared/proof/sketch/matrix.ts'
import { readCalibration } from '../../../../shared/proof/sketch/read-calibration.ts'

/** How a wrong result is marked, so that judges can know it. */
export const WRONG = 'not '
/** ln p of every token: an answer of 20 nats has 40. */
const LOG_PROB = -0.5

/**
 * An engine that computes nothing: every answer is its own, every number canned. What is left of a round is all but inference.
 * Model, codec and calibration are those of the folder.
 */
export async function cannedEngine(modelFolder: string): Promise<Engine> {
  const { info: model, text } = await openModel(modelFolder, 'cpu')
  const width = (await readCalibration(modelFolder, model.hash))!.whitening.width
  return {
    model,
    text,
    async generate({ promptTokens }) {
      const words = verdictOn(text.decode(promptTokens))
      return { text: words, tokens: [...text.encodeText(words), model.eosToken], finish: 'stop' }
    },
    async replay({ tokens, projectionAt }) {
      const projected = projectionAt && cannedSketches(tokens, projectionAt.positions)
      return {
        margins: new Float64Array(tokens.length),
        logProbs: new Float64Array(tokens.length).fill(LOG_PROB),
        surprise: -LOG_PROB * tokens.length,
        ...(projected === undefined ? {} : { projected }),
      }
    },
    score: async ({ tokens }) => ({ logProb: LOG_PROB * tokens.length }),
    embed: async ({ tokens }) => ({ embedding: cannedEmbedding(tokens, width) }),
    prefill: () => Promise.reject(new Error('a canned engine has no logits')),
    stats: () => Promise.reject(new Error('a canned engine does nothing')),
    health: () => ({ alive: true, lastStepAgeMs: 0, restarts: 0, pid: undefined }),
    close: async () => {},
  }
}

/** As far from each other as those of different texts. */
function cannedEmbedding(tokens: readonly number[], width: number): Float32Array {
  const random = seededRandom(tokens.reduce((seed, token) => (seed * 31 + token) >>> 0, 1))
  return Float32Array.from({ length: width }, () => random() - 0.5)
}

/** Sketches of rows at these answer positions, row-major [positions, SKETCH_VALUES]: the miners' and the validator's are equal. */
export function cannedSketches(tokens: ReplayRequest['tokens'], positions: readonly number[]): Float32Array {
  const sketches = new Float32Array(positions.length * SKETCH_VALUES)
  for (const [row, position] of positions.entries()) {
    for (let n = 0; n < SKETCH_VALUES; n++)
      sketches[row * SKETCH_VALUES + n] = 1 + ((tokens[position]! * 31 + position * 7 + n) % 97) / 97
  }
  return sketches
}

/** A verdict as long as a real one, for the answer that is not marked as wrong. */
function verdictOn(prompt: string): string {
  const [, a = '', b = ''] = /(\S.*)=A (.*)=B/.exec(prompt) ?? []
  const label = a.includes(WRONG) && !b.includes(WRONG) ? 'B' : 'A'
  return `one step, then another step, and one more to be sure\nanswer: ${label}`
}
