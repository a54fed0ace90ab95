import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../shared/inference/random.ts'
import { ANSWER, BOS, EOS, encodePrompt } from '../../../shared/inference/tokenizer.ts'
import { createPacker, type Document } from '../../../shared/inference/training/batch.ts'
import { type DocumentMix, drawDocument } from '../../../shared/inference/training/documents.ts'
import { RECIPES } from '../../../shared/inference/training/recipes.ts'
import { learningRate } from '../../../shared/inference/training/schedule.ts'
import { phaseEnds } from '../../../shared/inference/training/train.ts'

const turn = (prompt: string, answer: string, freeCharacters = 0) => ({ prompt, answer, freeCharacters })

/** Tokens that a document takes: all but the last are inputs. */
function lengthOf(document: Document): number {
  return document.reduce(
    (sum, { prompt, answer }) => sum + encodePrompt(prompt).length + answer.length + 1,
    -1,
  )
}

describe('a batch', () => {
  test('predicts each next token, weights answers, and ends them with EOS', () => {
    const { inputs, targets, weights, documents } = createPacker(() => [turn('ab', 'xyz', 1)], 1, 10)()
    expect(Array.from(inputs, Number).slice(0, 7)).toEqual([BOS, 97, 98, ANSWER, 120, 121, 122])
    expect(Array.from(targets, Number).slice(0, 7)).toEqual([97, 98, ANSWER, 120, 121, 122, EOS])
    const [prompt, free, worked] = [weights[0]!, weights[3]!, weights[4]!]
    expect(prompt).toBeGreaterThan(0)
    expect(prompt).toBeLessThan(free)
    expect(free).toBeLessThan(worked)
    expect(Array.from(weights)).toEqual([prompt, prompt, prompt, free, worked, worked, worked, 0, 0, 0])
    expect(Array.from(documents)).toEqual([0, 0, 0, 0, 0, 0, 0, -1, -1, -1])
  })

  test('lays several turns out as a chat is, and teaches the answers of them all', () => {
    const { inputs, weights } = createPacker(() => [turn('a', 'x'), turn('b', 'y')], 1, 9)()
    expect(Array.from(inputs, Number)).toEqual([BOS, 97, ANSWER, 120, EOS, BOS, 98, ANSWER, 121])
    const [x, end, bos, y] = [weights[2], weights[3], weights[4], weights[7]]
    expect([x, end, bos, y]).toEqual([1, 1, 0, 1])
  })

  test('puts several documents into a row, loses none, and cuts only what is longer than a row', () => {
    const random = seededRandom(4)
    const drawn: string[] = []
    const next = () => {
      const name = String.fromCharCode(97 + (drawn.length % 26))
      drawn.push(name)
      return [turn(name.repeat(1 + Math.floor(random() * 14)), name)]
    }
    const pack = createPacker(next, 3, 16)
    const seen: string[] = []
    for (let i = 0; i < 20; i++) {
      const { inputs, targets, documents } = pack()
      for (let at = 0; at < 48; at++) {
        if (at % 16 === 0 || documents[at] !== documents[at - 1]) {
          if (documents[at] === -1) continue
          expect(inputs[at]).toBe(BigInt(BOS))
          seen.push(String.fromCharCode(Number(targets[at])))
        }
      }
    }
    const count = (list: readonly string[], name: string) => list.filter((other) => other === name).length
    expect(seen.length).toBeGreaterThan(60)
    for (const name of new Set(drawn)) {
      expect(count(drawn, name) - count(seen, name)).toBeGreaterThanOrEqual(0)
    }
    // What was drawn and is not in a batch yet waits for the next.
    expect(drawn.length - seen.length).toBeLessThanOrEqual(16)
    const long = createPacker(() => [turn('abcdefghij', 'xyz')], 1, 4)()
    expect(Array.from(long.inputs, Number)).toEqual([BOS, 97, 98, 99])
  })
})

describe('training data', () => {
  test('documents are stories, chats, judgements and tasks in the shares that the mix says', () => {
    const random = seededRandom(2)
    const mix = { prose: 0.3, chat: 0.2, judge: 0.1, bare: 0.5 }
    const documents = Array.from({ length: 2000 }, () => drawDocument(random, mix))
    const share = (test: (document: Document) => boolean) => documents.filter(test).length / documents.length
    expect(share((document) => document.length === 2)).toBeCloseTo(0.2, 1)
    expect(share(([{ prompt } = turn('', '')]) => prompt.startsWith('Judge: '))).toBeCloseTo(0.1, 1)
    expect(
      share(([{ answer, freeCharacters } = turn('', '')]) => freeCharacters === answer.length),
    ).toBeCloseTo(0.3, 1)
    expect(share((document) => document.at(-1)!.prompt.startsWith('Now '))).toBeCloseTo(0.3, 1)
  })

  test('emphasis draws a family as many times as often, at the cost of the others', () => {
    const plain = { prose: 0, chat: 0, judge: 0, bare: 1 }
    const reversals = (mix: DocumentMix) => {
      const random = seededRandom(6)
      const documents = Array.from({ length: 4000 }, () => drawDocument(random, mix))
      return documents.filter(([{ prompt } = turn('', '')]) => prompt.includes('reverse')).length / 4000
    }
    const [usual, often] = [reversals(plain), reversals({ ...plain, emphasis: { reverse: 3 } })]
    expect(often).toBeCloseTo((3 * usual) / (1 + 2 * usual), 1)
    expect(often).toBeGreaterThan(2 * usual)
  })

  test('an answer is free up to its first step, and not at all without a story', () => {
    const random = seededRandom(5)
    for (let i = 0; i < 500; i++) {
      for (const { prompt, answer, freeCharacters } of drawDocument(random, {
        prose: 0,
        chat: 0.3,
        judge: 0.3,
        bare: 0.5,
      })) {
        const story = prompt.startsWith('Tell of ') || prompt.startsWith('Write of ')
        expect(freeCharacters).toBe(story ? answer.indexOf('\n') : 0)
      }
    }
  })

  test('phases end where their shares say, and the last one with the last step', () => {
    const phase = { mix: { prose: 0, chat: 0, judge: 0, bare: 0 }, batch: 1, sequence: 1 }
    const phases = [0.45, 0.45, 0.1].map((share) => ({ ...phase, share }))
    expect(phaseEnds(phases, 1000)).toEqual([450, 900, 1000])
    for (const { phases: shipped } of Object.values(RECIPES)) {
      for (const steps of [7, 100, 9001]) expect(phaseEnds(shipped, steps).at(-1)).toBe(steps)
    }
  })

  test('every document of a phase fits its rows, which are shorter than the context', () => {
    const random = seededRandom(3)
    for (const { phases, architecture } of Object.values(RECIPES)) {
      for (const { mix, sequence } of phases) {
        expect(sequence).toBeLessThanOrEqual(architecture.contextLength)
        for (let i = 0; i < 1000; i++)
          expect(lengthOf(drawDocument(random, mix))).toBeLessThanOrEqual(sequence)
      }
    }
  })

  test('the learning rate warms up, stays at its peak, and falls to nothing over the second half', () => {
    const rates = Array.from({ length: 1000 }, (_, step) => learningRate(step, 1000, 2, 100))
    expect(rates[0]).toBeCloseTo(0.02)
    expect(new Set(rates.slice(99, 501))).toEqual(new Set([2]))
    expect(rates[750]).toBeCloseTo(1)
    expect(rates.at(-1)).toBeCloseTo(0.004)
    expect(rates.at(-1)).toBeGreaterThan(0)
  })
})
