import { describe, expect, test } from 'vitest'
import type { EmbedRequest } from '../../../shared/inference/engine.ts'
import { bytesCodec } from '../../../shared/inference/text/bytes-codec.ts'
import { decodeSimilarity, encodeSimilarity } from '../../../shared/similarity/calibration.ts'
import { comparedLine } from '../../../shared/similarity/compared-line.ts'
import { answerHasher, whiten } from '../../../shared/similarity/hash-answer.ts'
import { hammingDistance, hyperplanes, simhash } from '../../../shared/similarity/simhash.ts'
import { testModel } from '../../support/participants.ts'
import { storedSimilarity } from '../../support/similarity.ts'

const stored = storedSimilarity()

/** An engine whose embedding is the mean and the spread of what it reads after the prompt. */
function fakeEngine(asked: EmbedRequest[] = []) {
  return {
    model: testModel,
    text: bytesCodec,
    async embed(request: EmbedRequest) {
      asked.push(request)
      const { tokens } = request
      const mean = tokens.reduce((sum, token) => sum + token, 0) / tokens.length
      return { embedding: Float32Array.of(mean, tokens[0]! - mean, tokens.at(-1)! - mean) }
    },
  }
}

describe('the compared line', () => {
  test.each([
    ['At noon a fox sang.\n4+8=12\nanswer: 632', 'answer: 632'],
    ['answer: 1\nno, answer:  632 \nso it is', 'answer: 632'],
    ['At noon a fox sang.\nIt slept.\n', 'It slept.'],
    ['It slept.', 'It slept.'],
    ['\n', ''],
  ])('of %j is %j', (text, line) => {
    expect(comparedLine(text)).toBe(line)
  })
})

describe('hashes of answers', () => {
  test('are of the line alone, after the prompt', async () => {
    const asked: EmbedRequest[] = []
    const { hash } = answerHasher(fakeEngine(asked), stored)
    const one = await hash('Add.', 'A fox.\nanswer: 632')
    expect(asked).toEqual([
      { promptTokens: bytesCodec.encodePrompt('Add.'), tokens: bytesCodec.encodeText('answer: 632') },
    ])
    expect(await hash('Add.', 'Quite another story.\nanswer: 632')).toEqual(one)
    expect(hammingDistance(one!, (await hash('Add.', 'A fox.\nanswer: 7'))!)).toBeGreaterThan(0)
  })

  test('are those of the whitened embedding', async () => {
    const engine = fakeEngine()
    const { embedding } = await engine.embed({ promptTokens: [], tokens: bytesCodec.encodeText('answer: 4') })
    const { hash } = answerHasher(engine, stored)
    expect(await hash('Add.', 'answer: 4')).toEqual(simhash(whiten(embedding, stored), hyperplanes(3)))
  })

  test('of nothing, and after a prompt that leaves no room, are none', async () => {
    const { hash } = answerHasher(fakeEngine(), stored)
    expect(await hash('Add.', ' \n')).toBeUndefined()
    expect(await hash('x'.repeat(testModel.contextLength), 'answer: 4')).toBeUndefined()
  })

  test('leave out what goes beyond the context', async () => {
    const asked: EmbedRequest[] = []
    const { hash } = answerHasher(fakeEngine(asked), stored)
    await hash('Add.', `answer: ${'1'.repeat(600)}`)
    const [{ promptTokens, tokens }] = asked as [EmbedRequest]
    expect(promptTokens.length + tokens.length).toBe(testModel.contextLength)
  })
})

describe('whitening of embeddings', () => {
  test('takes out the mean, then multiplies by the triangle', () => {
    const mean = Float32Array.of(1, 2, 3)
    const inverse = Float32Array.of(2, 1, 4, -1, 0.5, 8)
    const white = whiten(Float32Array.of(2, 2, 4), { mean, whitening: { width: 3, inverse } })
    expect([...white]).toEqual([2, 1, 7])
  })

  test('survives its file', () => {
    const { mean, whitening, file } = stored
    const text = encodeSimilarity(mean, whitening, file)
    const read = decodeSimilarity('similarity.json', Buffer.from(text))
    expect(read.mean).toEqual(mean)
    expect(read.whitening).toEqual(whitening)
    expect(read.file.model).toBe(file.model)
  })
})
