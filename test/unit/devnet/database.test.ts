import * as nodeFiles from 'node:fs/promises'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeHeader } from '../../../shared/chain/devnet/runtime/header.ts'
import { toHex } from '../../../shared/chain/devnet/runtime/scale.ts'
import { openDatabase } from '../../../shared/chain/devnet/storage/database.ts'
import type { Files } from '../../../shared/chain/devnet/storage/files.ts'
import { blockOn, extend, genesis, openChain, stateAfter } from '../../support/devnet-database.ts'

const DEPTH = 4

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-db-'))
})
afterEach(() => rm(folder, { recursive: true }))

const logs = async () => (await readdir(folder)).filter((name) => name.startsWith('blocks-')).sort()

async function write(to: number): Promise<void> {
  const chain = await openChain(folder, DEPTH)
  await extend(chain, to)
  await chain.database.close()
}

/** Reads the folder, and checks that it holds the whole chain up to block `head`. */
async function expectChain(head: number): Promise<void> {
  const { history, database } = await openChain(folder, DEPTH)
  expect(history.head).toEqual(blockOn(head))
  expect(new Map(history.entries())).toEqual(stateAfter(head))
  for (let number = 0; number <= head; number++) {
    expect(history.byNumber(number)?.hash ?? (await database.hashOf(number))).toBe(blockOn(number).hash)
  }
  for (let number = Math.max(0, head - DEPTH); number <= head; number++) {
    const view = history.stateAt(blockOn(number))
    for (const [key, value] of stateAfter(number)) expect(view?.get(key)).toBe(value)
  }
  await database.close()
}

/** A disk that is full for one write of a block, half of which it takes, and then has room again. */
function fillingFiles(blockNumber: number): { files: Files; release(): Promise<void> } {
  const text = JSON.stringify(toHex(encodeHeader(blockOn(blockNumber).header)))
  const handles: nodeFiles.FileHandle[] = []
  let full = true
  const open = async (path: string, flags: string, mode?: number) => {
    const handle = await nodeFiles.open(path, flags, mode)
    handles.push(handle)
    const appendFile = handle.appendFile.bind(handle)
    handle.appendFile = async (data) => {
      const isLast = full && String(data).includes(text)
      await appendFile(isLast ? String(data).slice(0, String(data).length / 2) : data)
      if (!isLast) return
      full = false
      throw new Error('no space left')
    }
    return handle
  }
  return {
    files: { ...nodeFiles, open } as Files,
    release: async () => void (await Promise.allSettled(handles.map((handle) => handle.close()))),
  }
}

describe('the database', () => {
  it('gives back what was appended, and goes on from there', async () => {
    for (const head of [0, 1, 3, 4, 5, 8, 9, 17, 30]) {
      await write(head)
      await expectChain(head)
    }
  })

  it('keeps two segments, however long the chain', async () => {
    await write(30)
    expect(await logs()).toEqual(['blocks-24.log', 'blocks-28.log'])
    const size = (await stat(join(folder, 'blocks-24.log'))).size
    await write(90)
    expect(await logs()).toEqual(['blocks-84.log', 'blocks-88.log'])
    expect((await stat(join(folder, 'blocks-84.log'))).size).toBeLessThan(size * 1.05)
  })

  it('has the states of as many blocks after a restart as before it', async () => {
    await write(4 * DEPTH + 1)
    const { history, database } = await openChain(folder, DEPTH)
    await database.close()
    expect(history.stateAt(blockOn(3 * DEPTH + 1))).toBeDefined()
    expect(history.stateAt(blockOn(3 * DEPTH))).toBeUndefined()
  })

  it.each([2, 10])('cuts off a last line that a crash left unfinished, %d blocks in', async (head) => {
    await write(head - 1)
    const file = join(folder, (await logs()).at(-1) ?? '')
    const sound = (await stat(file)).size
    await write(head)
    const whole = await readFile(file)
    for (let length = sound; length < whole.length; length++) {
      await writeFile(file, whole.subarray(0, length))
      const { history, database } = await openChain(folder, DEPTH)
      await database.close()
      expect(history.head.number).toBe(head - 1)
      expect((await stat(file)).size).toBe(sound)
    }
    await write(head)
    expect(await readFile(file)).toEqual(whole)
  })

  it('cuts off garbage at the end', async () => {
    await write(10)
    const file = join(folder, 'blocks-8.log')
    await appendFile(file, Buffer.alloc(64))
    await expectChain(10)
    await appendFile(file, 'garbage\n')
    await expectChain(10)
  })

  it('saves nothing more once a block could not be saved', async () => {
    await write(2)
    const { files, release } = fillingFiles(3)
    const chain = await openChain(folder, DEPTH, files)
    const refusal = { code: 'DEVNET_DATABASE_WRITE_FAILED', message: expect.stringContaining('block 3 ') }
    await expect(extend(chain, 3)).rejects.toMatchObject(refusal)
    await expect(extend(chain, 3)).rejects.toMatchObject(refusal)
    await release()
    await expectChain(2)
  })

  it('begins anew from an empty file', async () => {
    await writeFile(join(folder, 'blocks-0.log'), '')
    await expectChain(0)
  })
})

describe('damage that no crash leaves is named, and nothing is changed', () => {
  it.each([
    ['a header', 'blocks-8.log', '"header":"0x', 20, 'line 2 of'],
    ['extrinsics', 'blocks-8.log', '"extrinsics":["0x', 17, 'line 2 of'],
    ['changes', 'blocks-8.log', '"changes":[["0x', 15, 'line 2 of'],
    ['the checkpoint', 'blocks-8.log', '"state":[["0x', 13, 'line 1 of'],
    ['an older segment', 'blocks-4.log', '"changes":[["0x', 15, 'line 2 of'],
  ])('in %s', async (_part, name, text, offset, message) => {
    await write(11)
    const file = join(folder, name)
    const damaged = await readFile(file)
    // The block after the checkpoint, which has the same fields.
    const from = text.startsWith('"state') ? 0 : damaged.indexOf(0x0a)
    const at = damaged.indexOf(text, from) + offset
    damaged.write(damaged.toString('utf8', at, at + 1) === '7' ? '8' : '7', at)
    await writeFile(file, damaged)
    await expect(openChain(folder, DEPTH)).rejects.toMatchObject({
      code: 'DEVNET_DATABASE_DAMAGED',
      message: `${message} ${file} is damaged`,
    })
    expect(await readFile(file)).toEqual(damaged)
  })

  it('in an older segment that is too short, too long, or gone', async () => {
    await write(11)
    const file = join(folder, 'blocks-4.log')
    const whole = await readFile(file)
    for (const length of [whole.length - 1, whole.lastIndexOf('\n', -2) + 1]) {
      await writeFile(file, whole.subarray(0, length))
      await expect(openChain(folder, DEPTH)).rejects.toThrow(`${file} does not end at block 8`)
    }
    await writeFile(file, Buffer.concat([whole, Buffer.from('more')]))
    await expect(openChain(folder, DEPTH)).rejects.toThrow(`${file} does not end at block 8`)
    await rm(file)
    await expect(openChain(folder, DEPTH)).rejects.toThrow('the segment before')
  })

  it('in the hashes of old blocks', async () => {
    await write(11)
    const file = join(folder, 'hashes.bin')
    const whole = await readFile(file)
    await writeFile(file, whole.subarray(0, -1))
    await expect(openChain(folder, DEPTH)).rejects.toMatchObject({ code: 'DEVNET_DATABASE_DAMAGED' })
    whole[0] = (whole[0] ?? 0) ^ 1
    await writeFile(file, whole)
    await expect(openChain(folder, DEPTH)).rejects.toThrow(`${file} does not lead from genesis to block 7`)
  })

  it.each([3, 11])('in a folder of another chain, %d blocks in', async (head) => {
    await write(head)
    const header = { ...genesis.block.header, number: 0, parentHash: blockOn(1).hash }
    const other = { ...genesis, block: { ...genesis.block, header, hash: blockOn(1).hash } }
    await expect(openDatabase(folder, other, DEPTH)).rejects.toMatchObject({
      code: 'DEVNET_DATABASE_DAMAGED',
    })
  })
})
