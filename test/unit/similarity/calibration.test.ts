import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeSimilarity, readSimilarity } from '../../../shared/similarity/calibration.ts'
import { testModel } from '../../support/participants.ts'
import { ABOUT } from '../../support/similarity.ts'

const { hash } = testModel
const mean = Float32Array.of(1, 2)
const text = encodeSimilarity(mean, { width: 2, inverse: Float32Array.of(1, 0, 1) }, ABOUT)
let folder: string
const write = (what: string) => writeFile(join(folder, 'calibration/similarity.json'), what)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-similarity-'))
  await mkdir(join(folder, 'calibration'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('what stands beside a model', () => {
  test('is read where it is of this model, and the one that the registry names', async () => {
    expect(await readSimilarity(folder, hash, undefined)).toBeUndefined()
    await write(text)
    const stored = (await readSimilarity(folder, hash, undefined))!
    expect(stored.mean).toEqual(mean)
    expect(await readSimilarity(folder, `0x${'34'.repeat(32)}`, undefined)).toBeUndefined()
    expect(await readSimilarity(folder, hash, { name: 'test', similarity: stored.sha256 })).toEqual(stored)
    expect(await readSimilarity(folder, hash, { name: 'test' })).toEqual(stored)
  })

  test('is refused where the registry names another, or one and there is none', async () => {
    const similarity = 'ab'.repeat(32)
    await expect(readSimilarity(folder, hash, { name: 'test', similarity })).rejects.toMatchObject({
      code: 'CALIBRATION_OTHER',
    })
    const elsewhere = readSimilarity(join(folder, 'nowhere'), hash, { name: 'test', similarity })
    await expect(elsewhere).rejects.toMatchObject({ code: 'CALIBRATION_MISSING' })
  })

  test('is refused where it is damaged', async () => {
    const file = JSON.parse(text)
    const nan = Buffer.from(Float32Array.of(1, Number.NaN).buffer).toString('base64')
    const damages = [
      text.slice(1),
      JSON.stringify({ ...file, format: 'starling-similarity/2' }),
      JSON.stringify({ ...file, width: 3 }),
      JSON.stringify({ ...file, mean: file.mean.slice(0, -4) }),
      JSON.stringify({ ...file, mean: nan }),
      JSON.stringify({ ...file, inverse: nan }),
      JSON.stringify({ ...file, more: 1 }),
    ]
    for (const damage of damages) {
      await write(damage)
      const read = readSimilarity(folder, hash, undefined)
      await expect(read, damage.slice(0, 60)).rejects.toMatchObject({ code: 'CALIBRATION_DAMAGED' })
    }
  })
})
