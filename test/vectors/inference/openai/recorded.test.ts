import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { recordingSchema, replayingFetch } from '../../../../scripts/bench/engine/servers/recording.ts'
import { playScenario, type ScenarioResult } from '../../../../scripts/bench/engine/servers/scenario.ts'
import { decodeTokens } from '../../../../shared/inference/tokenizer.ts'

const file = join(import.meta.dirname, 'llama-cpp.json')
const { exchanges, result } = recordingSchema.parse(JSON.parse(readFileSync(file, 'utf8')))

describe('a real llama.cpp server, as it was recorded', () => {
  let played: ScenarioResult

  test('is asked the same again, and understood as it was', async () => {
    played = await playScenario('http://recorded', replayingFetch(exchanges))
    expect(JSON.parse(JSON.stringify(played))).toEqual(result)
  })

  test('tells ids and log-probabilities, and nothing of a prompt: level 1', () => {
    expect(played.detected).toMatchObject({
      flavour: 'llama.cpp',
      form: 'ids',
      level: 1,
      signals: { promptIds: true, tokenIds: true, logProbs: true, promptLogProbs: false },
    })
    expect(played.tooLong).toBe('REQUEST_INVALID')
  })

  test('tells every token of a whole answer, also of broken characters', () => {
    for (const { tokens, text } of played.answers.slice(0, 3)) {
      expect(tokens.length).toBeGreaterThan(0)
      expect(decodeTokens(tokens)).toBe(text)
    }
    expect(played.answers[2]!.text).toContain('\uFFFD')
    expect(played.answers[1]).toMatchObject({ finish: 'length', tokens: { length: 3 } })
  })

  test('streams the same text, and tokens only where it told all of them', () => {
    for (const [i, streamed] of played.answers.slice(3).entries()) {
      const whole = played.answers[i]!
      expect(streamed.pieces.map(({ text }) => text).join('')).toBe(streamed.text)
      expect([[], whole.tokens]).toContainEqual(streamed.tokens)
    }
    expect(played.answers[3]!.tokens).toEqual(played.answers[0]!.tokens)
    expect(played.answers[5]!.tokens).toEqual([])
  })
})
