import { describe, expect, it } from 'vitest'
import { checkPlants, type PublishedAnswer } from '../../../shared/proof/plants/check-plants.ts'
import {
  isPlanted,
  type Plants,
  plantPosition,
  plantsCommitment,
} from '../../../shared/proof/plants/plants.ts'
import { formatPlants, parsePlants } from '../../../shared/proof/plants/plants-file.ts'

const plants: Plants = { secret: new Uint8Array(32).fill(9), hotkey: 'planter', rate: 0.1 }
const challenges = Array.from({ length: 4_000 }, (_, i) => {
  const id = new Uint8Array(32)
  new DataView(id.buffer).setUint32(0, i)
  return id
})
const chosen = challenges.filter((id) => isPlanted(plants, id))
const other = (change: Partial<Plants>) => ({ ...plants, ...change })

describe('planted challenges', () => {
  it('are as many as the rate says, and others under any other secret or hotkey', () => {
    // Five standard deviations of 4,000 draws.
    expect(Math.abs(chosen.length - 400)).toBeLessThan(95)
    for (const change of [{ secret: new Uint8Array(32) }, { hotkey: 'another' }]) {
      const both = chosen.filter((id) => isPlanted(other(change), id)).length
      expect(both).toBeLessThan(chosen.length / 4)
    }
  })

  it('have their wrong token anywhere in the answer', () => {
    const places = chosen.map((id) => plantPosition(plants, id, 8))
    expect(new Set(places)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
    expect(chosen.every((id) => plantPosition(plants, id, 1) === 0)).toBe(true)
  })
})

describe('the commitment', () => {
  it('binds secret, hotkey and rate', () => {
    const changes = [{}, { secret: new Uint8Array(32) }, { hotkey: 'another' }, { rate: 0.11 }]
    const all = changes.map((change) => Buffer.from(plantsCommitment(other(change))).toString('hex'))
    expect(new Set(all).size).toBe(4)
  })

  it('is that of the file', () => {
    expect(parsePlants(formatPlants(plants), 'f')).toEqual(plants)
  })

  it.each([
    ['no JSON', '{', /f: is not JSON/],
    ['too high a rate', formatPlants(other({ rate: 0.3 })), /f: rate/],
    ['parts of a millionth', formatPlants(other({ rate: 0.1234567 })), /f: rate: not in whole millionths/],
    ['a short secret', formatPlants(other({ secret: new Uint8Array(31) })), /f: secret/],
  ])('needs a file that is one: %s', (_, text, message) => {
    expect(() => parsePlants(text, 'f')).toThrow(message)
  })
})

describe('a round’s planted answers', () => {
  const answer = (at: number, change: Partial<PublishedAnswer> = {}): PublishedAnswer => {
    return { challenge: chosen[at]!, hotkey: 'planter', result: 'reject', own: 'reject', ...change }
  }
  const unplanted = challenges.find((id) => !isPlanted(plants, id))!

  it('are found again, and those of nobody else', () => {
    const answers = [
      answer(0),
      answer(1, { result: 'accept' }),
      answer(2, { result: 'inconclusive' }),
      answer(3, { hotkey: 'other', result: 'accept' }),
      answer(4, { challenge: unplanted, result: 'accept', own: 'accept' }),
      answer(5, { result: 'missed', own: undefined }),
    ]
    expect(checkPlants(plants, answers)).toEqual({ planted: 3, accepted: 1, rejected: 1, right: 0 })
  })

  it('blame no validator where they are right', () => {
    const answers = [answer(0, { result: 'accept', own: 'accept' })]
    expect(checkPlants(plants, answers)).toEqual({ planted: 1, accepted: 0, rejected: 0, right: 1 })
  })

  it('are the planter’s word where nobody replays', () => {
    const answers = [answer(0, { result: 'accept', own: undefined })]
    expect(checkPlants(plants, answers)).toMatchObject({ accepted: 1 })
  })
})
