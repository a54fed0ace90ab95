import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../../shared/inference/engine.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import { encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { REFERENCE_THRESHOLDS } from '../../../shared/proof/toploc/chunk.ts'
import {
  type AnswerRows,
  answerRowsOf,
  checkAnswer,
  proveAnswer,
} from '../../../shared/proof/toploc/hidden-chunks.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

const TOKENS = 70
const thresholds = { prompt: REFERENCE_THRESHOLDS, answer: REFERENCE_THRESHOLDS }

let engine: Engine
beforeAll(async () => {
  engine = await startEngine({ modelFolder: await tinyModelFolder(), threads: 1, maxBatch: 4 })
})
afterAll(() => engine.close())

/** What the miner kept while it wrote an answer, and what a verifier finds for the same tokens. */
async function answerTo(prompt: string) {
  const promptTokens = encodePrompt(prompt)
  const { tokens, hidden } = await engine.generate({
    promptTokens,
    maxTokens: TOKENS,
    sampling: { temperature: 1, topK: 0, topP: 1 },
    seed: new Uint8Array(32).fill(7),
    wantHidden: true,
  })
  const width = hidden!.length / tokens.length
  const replayed = await engine.prefill([...promptTokens, ...tokens])
  const verifier = answerRowsOf(replayed.hidden, width, promptTokens.length, tokens.length)
  return { miner: { width, answer: hidden! } satisfies AnswerRows, verifier, tokens }
}

describe('TOPLOC over the rows of the engine', () => {
  it('accepts rows of decoding against one prefill, and nothing of another prompt', async () => {
    const [fox, hen] = await Promise.all([answerTo('Tell of a red fox.'), answerTo('Tell of a grey hen.')])
    expect(fox.tokens.length).toBe(TOKENS)
    const proofs = proveAnswer(fox.miner)
    const { prompt: _, ...answerOnly } = fox.verifier
    const honest = checkAnswer(proofs, answerOnly, thresholds)
    expect(honest).toMatchObject({ verdict: 'accept', reason: '' })
    expect(honest.chunks).toHaveLength(3)
    // A float32 prefill differs from decoding by far less than bfloat16 can tell.
    expect(Math.max(...honest.chunks.map((chunk) => chunk.mantissaMean))).toBeLessThan(0.1)
    const copied = checkAnswer(proveAnswer(hen.miner), answerOnly, thresholds)
    expect(copied.verdict).toBe('reject')
  })

  it("accepts the prompt's chunk too", async () => {
    const { miner, verifier } = await answerTo('Count to ten.')
    const rows = { ...miner, prompt: verifier.prompt }
    const found = checkAnswer(proveAnswer(rows), verifier, thresholds)
    expect(found.verdict).toBe('accept')
    expect(found.chunks).toHaveLength(4)
  })
})
