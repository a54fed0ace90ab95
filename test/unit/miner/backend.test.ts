import { describe, expect, it } from 'vitest'
import { engineAnswerer } from '../../../miner/answerer.ts'
import { minerCommand } from '../../../miner/flags.ts'
import { judgeFor } from '../../../miner/judging.ts'
import type { Backend, Generation } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
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
  const request = { prompt: 'which', answers: ['a', 'bb'] } as unknown as Judge

  it('judges by mean log-probability where the backend can score', async () => {
    const score = async ({ tokens }: { tokens: readonly number[] }) => ({ logProb: -(tokens.length ** 2) })
    expect(await judgeFor({ ...backend(), score })(request)).toEqual([-2, -3])
  })

  it('declines where it can’t', async () => {
    await expect(judgeFor(backend())(request)).rejects.toMatchObject({ code: 'CANNOT_JUDGE' })
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
