import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockOn, extend, openChain, stateAfter } from '../../support/devnet-database.ts'
import { dyingFiles } from '../../support/dying-files.ts'

const DEPTH = 3
/** Enough for three changes of segment. */
const LENGTH = 3 * DEPTH + 2

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-crash-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Runs the chain to `to` in a process that is killed on the way. Returns the newest block that it told of, and whether it died. */
async function runAndDie(folder: string, to: number, step: number, part: number, powerCut = false) {
  const { files, dead, release } = dyingFiles(step, part, powerCut)
  let told = 0
  try {
    const chain = await openChain(folder, DEPTH, files)
    told = chain.history.head.number
    await extend(chain, to, (number) => {
      told = number
    })
  } catch (error) {
    if (!dead()) throw error
  } finally {
    await release()
  }
  return { told, died: dead() }
}

/** The folder opens, with at least block `told`, and everything in it is the chain's. Returns its head. */
async function expectSound(folder: string, told: number): Promise<number> {
  const { history, database } = await openChain(folder, DEPTH)
  const head = history.head.number
  // The block under way may be there although nobody was told.
  expect(head === told || head === told + 1).toBe(true)
  expect(new Map(history.entries())).toEqual(stateAfter(head))
  for (let number = 0; number <= head; number++) {
    expect(history.byNumber(number)?.hash ?? (await database.hashOf(number))).toBe(blockOn(number).hash)
  }
  for (let number = Math.max(0, head - DEPTH); number <= head; number++) {
    const view = history.stateAt(blockOn(number))
    for (const [key, value] of stateAfter(number)) expect(view?.get(key)).toBe(value)
  }
  await database.close()
  return head
}

describe('a devnet that is killed', () => {
  it('loses no block that it told of, at whichever step on the disk, or with the power', async () => {
    let steps = 0
    for (const [part, powerCut] of [
      [0, false],
      [0.3, false],
      [1, false],
      [1, true],
    ] as const) {
      for (let step = 0; ; step++) {
        const died = await inFolder(async (folder) => {
          const run = await runAndDie(folder, LENGTH, step, part, powerCut)
          const head = await expectSound(folder, run.told)
          await runAndDie(folder, head + 2 * DEPTH, Number.POSITIVE_INFINITY, 0)
          await expectSound(folder, head + 2 * DEPTH)
          return run.died
        })
        if (!died) break
        steps = Math.max(steps, step + 1)
      }
    }
    // Two for each block (write, sync), more for each new segment.
    expect(steps).toBeGreaterThan(2 * LENGTH + 3 * 4)
  }, 240_000)

  it('goes on after being killed again and again', async () => {
    const kill = fc.record({ step: fc.nat(40), part: fc.double({ min: 0, max: 1, noNaN: true }) })
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 6 }), (kills) =>
        inFolder(async (folder) => {
          let head = 0
          for (const { step, part } of kills) {
            const { told } = await runAndDie(folder, head + LENGTH, step, part)
            head = await expectSound(folder, Math.max(head, told))
          }
        }),
      ),
      { numRuns: 60 },
    )
  }, 240_000)

  it('opens on a prefix wherever the last file ends, or names the damage', async () => {
    const lastBytes = await inFolder(async (folder) => {
      await runAndDie(folder, LENGTH, Number.POSITIVE_INFINITY, 0)
      const files = [`blocks-${2 * DEPTH}.log`, `blocks-${3 * DEPTH}.log`, 'hashes.bin']
      return Promise.all(files.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })))
    })
    const last = lastBytes[1]?.bytes ?? Buffer.alloc(0)
    const checkpoint = last.indexOf(0x0a) + 1
    const boundaries = [...last.keys()].filter((at) => last[at] === 0x0a).flatMap((at) => [at, at + 1])
    const check = (length: number) =>
      inFolder(async (folder) => {
        for (const { name, bytes } of lastBytes) await writeFile(join(folder, name), bytes)
        await writeFile(join(folder, `blocks-${3 * DEPTH}.log`), last.subarray(0, length))
        if (length < checkpoint) {
          await expect(openChain(folder, DEPTH)).rejects.toMatchObject({ code: 'DEVNET_DATABASE_DAMAGED' })
          return
        }
        const lines = last.subarray(0, length).toString().split('\n').length - 1
        await expectSound(folder, 3 * DEPTH + lines - 1)
      })
    for (const length of boundaries) await check(length)
    await fc.assert(fc.asyncProperty(fc.nat(last.length), check), { numRuns: 60 })
  }, 240_000)
})
