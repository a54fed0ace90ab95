import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashHeader, ZERO_HASH } from '../../../shared/chain/devnet/runtime/header.ts'
import type { Hex } from '../../../shared/chain/devnet/runtime/scale.ts'
import { openDatabase, type StoredBlock } from '../../../shared/chain/devnet/storage/database.ts'
import type { Block } from '../../../shared/chain/devnet/storage/history.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-db-'))
  file = join(folder, 'blocks.log')
})
afterEach(() => rm(folder, { recursive: true }))

function block(number: number, parentHash: Hex): Block {
  const header = { parentHash, number, stateRoot: ZERO_HASH, extrinsicsRoot: ZERO_HASH, logs: [] }
  return { number, hash: hashHeader(header), header, extrinsics: ['0x01', '0x02'] }
}

const genesis = block(0, ZERO_HASH)

function chainOf(length: number): StoredBlock[] {
  const stored: StoredBlock[] = []
  for (let number = 1; number <= length; number++) {
    const parent = stored.at(-1)?.block ?? genesis
    const changes = new Map<Hex, Hex | null>([
      ['0xaa', '0x01'],
      ['0xbb', null],
    ])
    stored.push({ block: block(number, parent.hash), changes })
  }
  return stored
}

async function write(stored: readonly StoredBlock[]): Promise<void> {
  const { database } = await openDatabase(file, genesis)
  for (const one of stored) await database.append(one)
  await database.close()
}

async function read(): Promise<StoredBlock[]> {
  const { database, blocks } = await openDatabase(file, genesis)
  await database.close()
  return blocks
}

describe('the block file', () => {
  it('gives back what was appended, and goes on from there', async () => {
    const stored = chainOf(3)
    await write(stored.slice(0, 2))
    expect(await read()).toEqual(stored.slice(0, 2))
    await write(stored.slice(2))
    expect(await read()).toEqual(stored)
  })

  it('cuts off a last line that a crash left unfinished, wherever it was torn', async () => {
    const stored = chainOf(2)
    await write(stored)
    const whole = await readFile(file)
    const secondLine = whole.indexOf(0x0a) + 1
    for (let length = secondLine; length < whole.length; length += 7) {
      await writeFile(file, whole.subarray(0, length))
      expect(await read()).toEqual(stored.slice(0, 1))
      expect((await readFile(file)).length).toBe(secondLine)
    }
    await writeFile(file, whole.subarray(0, secondLine))
    await write(stored.slice(1))
    expect(await readFile(file)).toEqual(whole)
  })

  it('cuts off garbage at the end', async () => {
    await write(chainOf(2))
    await appendFile(file, Buffer.alloc(64))
    expect(await read()).toEqual(chainOf(2))
    await appendFile(file, 'garbage\n')
    expect(await read()).toEqual(chainOf(2))
  })

  it.each([
    ['header', '"header":"0x', 20],
    ['extrinsics', '"extrinsics":["0x', 17],
    ['changes', '"changes":[["0x', 15],
  ])('refuses damage in the %s before the end, naming the line', async (_part, text, offset) => {
    await write(chainOf(4))
    const whole = await readFile(file)
    const damaged = Buffer.from(whole)
    const at = whole.indexOf(text, whole.indexOf(0x0a)) + offset
    damaged.write(whole.toString('utf8', at, at + 1) === '7' ? '8' : '7', at)
    await writeFile(file, damaged)
    await expect(read()).rejects.toMatchObject({
      code: 'DEVNET_DATABASE_DAMAGED',
      message: expect.stringContaining('line 2 of'),
    })
    expect(await readFile(file)).toEqual(damaged)
  })

  it('refuses a file of another chain', async () => {
    await write(chainOf(3))
    const other = block(0, `0x${'11'.repeat(32)}`)
    await expect(openDatabase(file, other)).rejects.toMatchObject({ code: 'DEVNET_DATABASE_DAMAGED' })
  })

  it('opens an empty file', async () => {
    await write([])
    await truncate(file, 0)
    expect(await read()).toEqual([])
  })
})
