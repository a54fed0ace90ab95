import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../../../shared/chain/devnet/storage/lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the folder lock', () => {
  it('is exclusive until it is given back', async () => {
    const release = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'DEVNET_FOLDER_IN_USE' })
    await release()
    expect(await readdir(folder)).toEqual([])
    await (await lockFolder(folder))()
  })

  it('is held by exactly one of many that want it at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    await writeFile(join(folder, 'devnet.lock'), JSON.stringify({ pid: child.pid, started: 'boot/1' }))
    await (await lockFolder(folder))()
  })

  it('is taken over from a namesake: this very process id, left by an earlier process', async () => {
    await writeFile(join(folder, 'devnet.lock'), JSON.stringify({ pid: process.pid, started: 'boot/1' }))
    await (await lockFolder(folder))()
  })

  it('is respected while its process lives, and only then: the id may be another process by now', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    try {
      await writeFile(join(folder, 'devnet.lock'), JSON.stringify({ pid: child.pid, started: 'boot/1' }))
      await (await lockFolder(folder))()
      await writeFile(join(folder, 'devnet.lock'), JSON.stringify({ pid: child.pid, started: '' }))
      await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${child.pid}`)
      expect(JSON.parse(await readFile(join(folder, 'devnet.lock'), 'utf8')).pid).toBe(child.pid)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
})
