import { describe, expect, it } from 'vitest'
import { engineAnswerer } from '../../../miner/answerer.ts'
import { minerCommand } from '../../../miner/flags.ts'
import { judgeFor } from '../../../miner/judging.ts'
import type { Backend, GenerateRequest, Generation } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { verdictSlots } from '../../../shared/judging/verdict-slots.ts'
import { fromHex, toHex } from '../../../shared/proof/hash.ts'
import type { Challenge, Judge } from '../../../shared/protocol/messages.ts'
import { testModel } from '../../support/participants.ts'

const backend = (generation: Partial<Generation> = {}) =>
  ({
    model: testModel,
    text: bytesCodec,
    generate: async () => ({ text: 'né', tokens: [], finish: 'stop', ...generation }),
  }) as Partial<Backend> as Backend

const challenge: Challenge = {
  type: 'challenge',
  id: new Uint8Array(32).fill(1),
  round: 3,
  prompt: 'what now',
  model: fromHex(testModel.hash),
  sampling: { temperature: 1, topK: 0, topP: 1, maxTokens: 8 },
  deadlineMs: 60_000,
}

describe('engineAnswerer', () => {
  const answer = (generation: Partial<Generation>) =>
    engineAnswerer(backend(generation), new Uint8Array(32))(challenge, new AbortController().signal)

  it('takes the backend’s tokens', async () => {
    expect(await answer({ tokens: [1, 2], text: 'x' })).toMatchObject({ tokens: [1, 2], text: 'x' })
  })

  it('spells the text itself where the backend tells none, so that text and tokens agree', async () => {
    const { tokens, text } = await answer({})
    expect(tokens).toEqual([...Buffer.from('né'), testModel.eosToken])
    expect(bytesCodec.decode(tokens)).toBe(text)
    expect((await answer({ finish: 'length' })).tokens).toEqual([...Buffer.from('né')])
    expect((await answer({ finish: 'length', text: '' })).tokens).toEqual([testModel.eosToken])
  })
})

describe('judgeFor', () => {
  const key = new Uint8Array(32).fill(7)
  const request: Judge = {
    ...{ type: 'judge', id: new Uint8Array(32).fill(1), round: 3, prompt: 'which' },
    ...{ answers: ['a', 'bb'], method: 'likelihood', temperature: 0.3, maxTokens: 50, deadlineMs: 1 },
  }
  const prompted: Judge = { ...request, method: 'prompted' }

  it('judges by mean log-probability where the backend can score', async () => {
    const score = async ({ tokens }: { tokens: readonly number[] }) => ({ logProb: -(tokens.length ** 2) })
    const judged = await judgeFor({ ...backend(), score }, key)(request)
    expect(judged).toEqual({ method: 'likelihood', scores: [-2, -3] })
  })

  it('judges by reading each pair of different results, in both orders, under a seed of its own', async () => {
    const asked: GenerateRequest[] = []
    const generate: Backend['generate'] = async (one) => {
      asked.push(one)
      return { text: '', tokens: [asked.length, testModel.eosToken], finish: 'stop' }
    }
    const answers = ['answer: 7', 'answer: 8', 'so\nanswer: 7']
    const judged = await judgeFor({ ...backend(), generate }, key)({ ...prompted, answers })
    const slots = verdictSlots({ ...prompted, answers, judge: key })
    expect(slots).toHaveLength(6)
    const verdicts = judged.method === 'prompted' ? judged.verdicts : []
    expect(verdicts.map(({ length }) => length > 0)).toEqual(slots.map((slot) => slot.prompt !== undefined))
    expect(verdicts.filter(({ length }) => length === 0)).toHaveLength(2)
    expect(asked.map(({ promptTokens }) => bytesCodec.decode(promptTokens))).toEqual(
      slots.flatMap((slot) => slot.prompt ?? []).map((text) => expect.stringContaining(text)),
    )
    expect(new Set(asked.map(({ seed }) => toHex(seed))).size).toBe(4)
    const sampling = { temperature: 0.3, topK: 0, topP: 1 }
    expect(asked[0]).toMatchObject({ maxTokens: 50, sampling })
  })

  it('writes no more verdicts at once than an engine decodes together, of however many fields', async () => {
    let [running, most] = [0, 0]
    const generate: Backend['generate'] = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return { text: '', tokens: [1, testModel.eosToken], finish: 'stop' }
    }
    const judge = judgeFor({ ...backend(), generate }, key)
    const answers = Array.from({ length: 9 }, (_, i) => `answer: ${i}`)
    const judged = await Promise.all([1, 2, 3].map(() => judge({ ...prompted, answers })))
    expect(judged.every(({ method }) => method === 'prompted')).toBe(true)
    expect(most).toBe(16)
  })

  it('gives up a field with its first failure, and goes on with the next', async () => {
    let asked = 0
    const generate: Backend['generate'] = async () => {
      if (++asked === 1) throw new Error('out of memory')
      return { text: '', tokens: [1, testModel.eosToken], finish: 'stop' }
    }
    const judge = judgeFor({ ...backend(), generate }, key)
    const answers = Array.from({ length: 32 }, (_, i) => `answer: ${i}`)
    await expect(judge({ ...prompted, answers })).rejects.toThrow('out of memory')
    expect(asked).toBeLessThan(94)
    expect(await judge(prompted)).toMatchObject({ method: 'prompted' })
  })

  it.each([
    ['scores nothing', backend({ tokens: [1] }), request],
    ['tells no tokens', backend({ tokens: [] }), prompted],
    [
      'samples under no seed',
      { ...backend({ tokens: [1] }), model: { ...testModel, level: 1 as const } },
      prompted,
    ],
  ])('declines where the backend %s', async (_what, other, asked) => {
    await expect(judgeFor(other, key)(asked)).rejects.toMatchObject({ code: 'CANNOT_JUDGE' })
  })
})

describe('the miner’s flags', () => {
  const parse = (...args: string[]) =>
    minerCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .parse(args, { from: 'user' })
      .opts()

  it('run the engine of our own on the CPU unless told', () => {
    const usual = { model: 'models/small', device: 'cpu', precision: 'fp32', threads: 1, dedicated: false }
    expect(parse()).toMatchObject(usual)
    expect(parse('--precision', 'q4b32a8')).toMatchObject({ precision: 'q4b32a8' })
    expect(parse()).not.toHaveProperty('backend.url')
    expect(parse('--device', 'auto', '--max-batch', '8', '--max-queue', '0', '--dedicated')).toMatchObject({
      device: 'auto',
      maxBatch: 8,
      maxQueue: 0,
      dedicated: true,
    })
  })

  it('name a server and its key’s variable', () => {
    const args = ['--backend.url', 'http://h', '--backend.model', 'm', '--backend.key_env', 'K']
    expect(parse(...args)).toMatchObject({
      'backend.url': 'http://h',
      'backend.model': 'm',
      'backend.key_env': 'K',
    })
  })

  it.each([
    ['--device', 'tpu'],
    // A class that no validator computes.
    ['--precision', 'q4b64a8'],
    ['--threads', '0'],
    ['--max-batch', '0'],
    ['--max-batch', 'x'],
  ])('refuse %s %s', (...args) => {
    expect(() => parse(...args)).toThrow()
  })
})
