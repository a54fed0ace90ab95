import { describe, expect, test } from 'vitest'
import type { GenerateRequest } from '../../../shared/inference/engine.ts'
import { evaluate } from '../../../shared/inference/evaluation/evaluate.ts'
import { modelCard } from '../../../shared/inference/evaluation/model-card.ts'
import { loadModel } from '../../../shared/inference/model/folder.ts'
import { FAMILIES } from '../../../shared/inference/tasks/families.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { decodeTokens, EOS, encodeText } from '../../../shared/inference/tokenizer.ts'
import { tinyModelFolder } from './tiny-model.ts'

/** Knows sums of the first family by heart, finds every first answer right, and knows nothing else. */
const adder = {
  text: bytesCodec,
  async generate({ promptTokens }: GenerateRequest) {
    const prompt = decodeTokens(promptTokens)
    const sum = /add (\d+) and (\d+)/.exec(prompt)
    const result = prompt.startsWith('Judge: ') ? 'A' : sum === null ? 'no' : Number(sum[1]) + Number(sum[2])
    const text = `answer: ${result}`
    return { text, tokens: [...encodeText(text), EOS], finish: 'stop' as const }
  },
  async replay({ tokens }: { readonly tokens: readonly number[] }) {
    const margins = Float64Array.from(tokens, (_, i) => (i === 0 ? 2e-6 : 0))
    return { margins, logProbs: new Float64Array(tokens.length).fill(-0.5), surprise: tokens.length * 0.5 }
  },
}

const options = { sampling: { temperature: 0.8, topK: 0, topP: 1 }, perFamily: 3, seed: 4, maxTokens: 160 }

describe('evaluation', () => {
  test('scores every family and the chat, judgements beside them, and stories not at all', async () => {
    const { exams, accuracy, natsPerToken, largestMargin } = await evaluate(adder, options)
    const names = FAMILIES.map(({ name }) => name)
    expect([...exams.keys()]).toEqual([...names, 'chat', 'judge', 'stories'])
    expect(exams.get('add')).toMatchObject({ accuracy: 1, answers: 3, natsPerToken: 0.5, stopped: 1 })
    expect(exams.get('sort')!.accuracy).toBe(0)
    expect(exams.get('judge')!.accuracy).toBeGreaterThan(0)
    expect(exams.get('stories')!.accuracy).toBeUndefined()
    expect(accuracy).toBeCloseTo(1 / (FAMILIES.length + 1))
    expect(natsPerToken).toBeCloseTo(0.5)
    expect(largestMargin).toBe(2e-6)
  })

  test('asks the second question of a chat after the first one and its answer', async () => {
    const asked: string[] = []
    const listener: typeof adder = {
      ...adder,
      generate(request) {
        asked.push(decodeTokens(request.promptTokens))
        return adder.generate(request)
      },
    }
    await evaluate(listener, options)
    const chats = asked.slice(FAMILIES.length * 3, FAMILIES.length * 3 + 3)
    for (const chat of chats) expect(chat).toMatch(/^Now .*\.[\s\S]+\nanswer: \w+(Tell|Write) of .* that\.$/)
  })

  test('becomes a card that names the model, its figures and its limits', async () => {
    const { manifest } = await loadModel(await tinyModelFolder())
    const training = {
      seed: 1,
      steps: 1200,
      phases: [
        {
          share: 1,
          mix: { prose: 0.2, chat: 0.1, judge: 0.1, bare: 0.1, emphasis: { json: 1.5 } },
          batch: 24,
          sequence: 160,
        },
      ],
      peakLearningRate: 0.003,
      warmup: 100,
      threads: 2,
      tokens: 4_608_000,
      minutes: 3.5,
      finalLoss: 0.4,
    }
    const card = modelCard({ ...manifest, training }, [await evaluate(adder, options)])
    for (const part of [
      manifest.hash,
      '4,608,000 tokens',
      '3.5 minutes',
      'at most 160 tokens',
      '20 % stories, 10 % conversations, 10 % judgements, the rest tasks, json 1.5 times as often as the smaller models see it; 10 % without',
      'Apache-2.0',
      'npm run train -- --model tiny --seed 1 --steps 1200',
      '| add | 1.000 | 0.500 |',
      '| judge | ',
      '| stories | – |',
      '## Limits',
    ]) {
      expect(card).toContain(part)
    }
  })
})
