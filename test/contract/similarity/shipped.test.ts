import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calibrateSimilarity } from '../../../scripts/calibrate/similarity.ts'
import { closeShare, renderSimilarity } from '../../../scripts/calibrate/similarity-table.ts'
import type { Engine } from '../../../shared/inference/engine.ts'
import { readRegistry } from '../../../shared/inference/registry/read-registry.ts'
import { startEngine } from '../../../shared/inference/start-engine.ts'
import {
  decodeSimilarity,
  readSimilarity,
  type StoredSimilarity,
} from '../../../shared/similarity/calibration.ts'
import { answerHasher } from '../../../shared/similarity/hash-answer.ts'
import { hammingDistance } from '../../../shared/similarity/simhash.ts'
import { SIMHASH_SLACK } from '../../../validator/audit-file/checks/similarity.ts'

let engine: Engine
let stored: StoredSimilarity
beforeAll(async () => {
  engine = await startEngine({ modelFolder: 'models/small', threads: 1 })
  const { registry } = await readRegistry('models/registry.json')
  const entry = registry.models.find(({ hash }) => hash === engine.model.hash)
  stored = (await readSimilarity('models/small', engine.model.hash, entry))!
})
afterAll(() => engine.close())

describe('hashes by the shipped reference model', () => {
  const prompt = 'Tell of a shy fox, then add 374 and 258.'
  const results = ['632', '622', '6320', '263', 'XII', '632.']
  const answers = results.map(
    (result) => `At dawn the shy fox met Dolu.\n4+8=12, 7+5+1=13\nanswer: ${result}`,
  )

  test('are of the calibration that the registry names', () => {
    expect(stored.file.measured.equal.largest).toBe(0)
    expect(stored.file.measured.unequal.least).toBeGreaterThan(SIMHASH_SLACK)
  })

  test('are one for one result, alone or in company, and lie apart for any other', async () => {
    const { hash } = answerHasher(engine, stored)
    const hashes = await Promise.all(answers.map((text) => hash(prompt, text)))
    expect(await hash(prompt, 'Soon the shy fox hid.\nsome other way\nanswer: 632')).toEqual(hashes[0])
    for (const [i, a] of hashes.entries()) {
      for (const b of hashes.slice(i + 1)) expect(hammingDistance(a!, b!)).toBeGreaterThan(SIMHASH_SLACK)
    }
  })
})

test('a calibration is made from answers of the models, and measured with others', async () => {
  const said: string[] = []
  const run = await calibrateSimilarity(
    {
      ...{ modelFolder: 'models/nano', answerers: new Map([['nano', 'models/nano']]) },
      ...{ fields: 6, each: 3, maxTokens: 96, seed: 3, threads: 1 },
    },
    (what) => said.push(what),
  )
  expect(said).toHaveLength(5)
  const { file, mean } = decodeSimilarity('', Buffer.from(run.file))
  expect(file.made).toMatchObject({ answerers: ['nano'], answers: 18, seed: 3 })
  expect(file.measured).toMatchObject({ fields: 6, answers: 18 })
  expect(mean.some((value) => value !== 0)).toBe(true)
  const alone = run.parts.at(-1)!
  expect(alone.equal.length + alone.unequal.length).toBe(18)
  expect(alone.equal.every((bits) => bits === 0)).toBe(true)
  expect(Math.min(...alone.unequal)).toBeGreaterThan(0)
  expect(closeShare({ part: '', equal: [0, 3, 50], unequal: [40, 60] })).toBe(2 / 3)
  expect(renderSimilarity(run)).toContain('last line alone')
})
