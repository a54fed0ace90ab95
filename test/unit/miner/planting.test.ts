import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPlants } from '../../../miner/planting/open-plants.ts'
import { startPlanting } from '../../../miner/planting/start-planting.ts'
import { WRONG_BY, wrongToken } from '../../../miner/planting/wrong-token.ts'
import type { MinerBackend } from '../../../miner/start-backend.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { replayToken, sampleToken } from '../../../shared/inference/sampler.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { testModel } from '../../support/participants.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plants-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const random = (count: number) => new Uint8Array(count).fill(5)
const coded = (code: string) => expect.objectContaining({ code })
const open = (rate: number | undefined, name: string | undefined, hotkey = 'me') =>
  openPlants(
    {
      ...(rate === undefined ? {} : { 'plant.rate': rate }),
      ...(name === undefined ? {} : { 'plant.secret': join(folder, name) }),
    },
    hotkey,
    random,
  )

describe('the secret of what is planted', () => {
  it('is made once, for its owner alone, and kept', () => {
    const made = open(0.02, 'secret')
    expect(made).toEqual({ secret: random(32), hotkey: 'me', rate: 0.02 })
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600)
    const text = readFileSync(join(folder, 'secret'), 'utf8')
    expect(open(0.02, 'secret')).toEqual(made)
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(text)
  })

  it.each([
    ['another rate', 0.03, 'secret', 'me', 'PLANT_OTHER'],
    ['another hotkey', 0.02, 'secret', 'you', 'PLANT_OTHER'],
    ['too much', 0.21, 'more', 'me', 'PLANT_RATE'],
    ['nothing', 0, 'none', 'me', 'PLANT_RATE'],
    ['no secret', 0.02, undefined, 'me', 'PLANT_FLAGS'],
    ['no rate', undefined, 'secret', 'me', 'PLANT_FLAGS'],
    ['a folder that is not there', 0.02, 'no/where', 'me', 'PLANT_SECRET_UNWRITABLE'],
  ])('is refused for %s', (_, rate, name, hotkey, code) => {
    open(0.02, 'secret')
    expect(() => open(rate, name, hotkey)).toThrow(coded(code))
  })

  it('is not asked for where nothing is planted', () => {
    expect(open(undefined, undefined)).toBeUndefined()
  })
})

describe('a backend', () => {
  const signer = signerFromUri('//Planter')
  const plants = { secret: random(32), hotkey: signer.address, rate: 0.1 }
  const parts = { plants, signer, whitening: undefined, log: silentLog() }
  const prefill = () => Promise.reject(new Error('unused'))
  it.each([
    ['that reads no given text', { model: testModel }],
    ['of a noisy class', { model: { ...testModel, executionClass: 'webgpu-fp32/x' }, prefill }],
  ])('%s plants nothing', (_, backend) => {
    const start = () => startPlanting(() => Promise.reject(), backend as MinerBackend, parts)
    expect(start).toThrow(coded('PLANT_UNSUPPORTED'))
  })
})

describe('the wrong token', () => {
  const logits = Float32Array.from({ length: 60 }, (_, token) => Math.sin(token * 7) * 2)

  it.each([0, 0.8])('at temperature %d is the next best that no rounding explains', (temperature) => {
    const sampling = { temperature, topK: 0, topP: 1 }
    for (let position = 0; position < 50; position++) {
      const seed = random(32)
      const chosen = sampleToken(logits, sampling, seed, position)
      const marginOf = (token: number) => replayToken(logits, token, sampling, seed, position, 1e-4).margin
      const wrong = wrongToken(logits, chosen, { temperature, seed, position })!
      expect(marginOf(wrong)).toBeGreaterThanOrEqual(WRONG_BY - 1e-9)
      const nearer = Array.from(logits, (_, token) => marginOf(token)).filter((margin) => margin > WRONG_BY)
      expect(marginOf(wrong)).toBeCloseTo(Math.min(...nearer), 9)
    }
  })

  it('is none where all lie as near', () => {
    const flat = new Float32Array(4)
    expect(wrongToken(flat, 0, { temperature: 0, seed: random(32), position: 0 })).toBeUndefined()
  })
})
