import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rawChainSpec } from '../../../shared/chain/devnet/chain-spec.ts'
import {
  assertWanted,
  type Genesis,
  readGenesis,
  writeGenesis,
} from '../../../shared/chain/devnet/storage/genesis-file.ts'

const wasm = Uint8Array.of(1, 2, 3)
const genesis: Genesis = {
  preset: 'subnet-16',
  hyperparameters: { tempo: 20, commitReveal: true },
  state: [
    ['0x3a636f6465', '0x010203'],
    ['0xaa', '0x01'],
  ],
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-genesis-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the genesis file', () => {
  it('gives back what was written, and leaves nothing beside it', async () => {
    const file = join(folder, 'genesis.json')
    expect(await readGenesis(file)).toBeUndefined()
    await writeGenesis(file, genesis)
    expect(await readGenesis(file)).toEqual(genesis)
    expect(await readdir(folder)).toEqual(['genesis.json'])
  })

  it.each(['', '{"format":1,"preset":"development","top":[]}', '[]'])('is refused as %j', async (text) => {
    const file = join(folder, 'genesis.json')
    await writeFile(file, text)
    await expect(readGenesis(file)).rejects.toMatchObject({ code: 'DEVNET_DATABASE_DAMAGED' })
  })
})

describe('a resumed folder', () => {
  it.each([
    ['nothing', {}],
    ['its preset', { preset: 'subnet-16' }],
    ['its hyperparameters', { hyperparameters: { commitReveal: true, tempo: 20 } }],
  ])('takes %s', (_what, wanted) => {
    expect(() => assertWanted('f', genesis, wanted, wasm)).not.toThrow()
  })

  it.each([
    ['preset subnet-16', { preset: 'subnet-2' }],
    ['tempo 20', { hyperparameters: { commitReveal: true, tempo: 21 } }],
    ['tempo 20, commitReveal true', { hyperparameters: {} }],
    ['kappa as in the preset', { hyperparameters: { commitReveal: true, tempo: 20, kappa: 5 } }],
  ])('says that it was started with %s', (started, wanted) => {
    expect(() => assertWanted('f', genesis, wanted, wasm)).toThrow(
      expect.objectContaining({
        code: 'DEVNET_OTHER_GENESIS',
        message: `the chain in f was started with ${started}`,
        remedy: 'start a new chain in another --data',
      }),
    )
  })

  it('says that it was started with another runtime', () => {
    expect(() => assertWanted('f', genesis, {}, Uint8Array.of(9))).toThrow('started with another runtime')
  })
})

it('becomes a chain spec with the very same state', () => {
  const spec = JSON.parse(rawChainSpec(genesis.state, 'my_id'))
  expect(spec).toMatchObject({ id: 'my_id', properties: { ss58Format: 42 } })
  expect(Object.entries(spec.genesis.raw.top)).toEqual(genesis.state)
})
