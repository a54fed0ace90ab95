import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataFolder } from '../../../shared/chain/devnet/storage/lock.ts'
import { lockState } from '../../../shared/process/lock-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const place = () => join(folder, 'state.lock')
const leave = (owner: object) => writeFile(place(), JSON.stringify(owner))

/** The id of a process that was, and is no more. */
async function goneProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

describe('the lock of a state folder', () => {
  it('is exclusive until it is given back', async () => {
    const release = await lockState(folder)
    await expect(lockState(folder)).rejects.toMatchObject({
      code: 'STATE_LOCKED',
      message: expect.stringContaining(`in use by process ${process.pid}`),
      remedy: expect.stringContaining('--state'),
    })
    await release()
    expect(await readdir(folder)).toEqual([])
    await (await lockState(folder))()
  })

  it('makes the folder, or says why it can’t', async () => {
    await (await lockState(join(folder, 'new', 'state')))()
    await writeFile(join(folder, 'file'), '')
    await expect(lockState(join(folder, 'file', 'state'))).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
  })

  it('is held by exactly one of many that want it at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockState(folder)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is taken over from a process that is gone', async () => {
    await leave({ pid: await goneProcess(), started: 'boot/1' })
    await (await lockState(folder))()
    expect(await readdir(folder)).toEqual([])
  })

  it('is taken over from a namesake: this very process id, left by an earlier process', async () => {
    await leave({ pid: process.pid, started: 'boot/1' })
    await (await lockState(folder))()
  })

  it('is taken over where a power cut left it empty', async () => {
    await writeFile(place(), '')
    await (await lockState(folder))()
  })

  it('is respected while its process lives, and only then: the id may be another process by now', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    try {
      await leave({ pid: child.pid, started: 'boot/1' })
      await (await lockState(folder))()
      await leave({ pid: child.pid, started: '' })
      await expect(lockState(folder)).rejects.toThrow(`in use by process ${child.pid}`)
      expect(JSON.parse(await readFile(place(), 'utf8')).pid).toBe(child.pid)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })

  it('lets one of two real processes in after a kill -9, and the next when that one is killed', async () => {
    await leave({ pid: await goneProcess(), started: 'boot/1' })
    const script = `import { lockState } from ${JSON.stringify(new URL('../../../shared/process/lock-folder.ts', import.meta.url).href)}
      await lockState(process.argv[1]).then(() => process.stdout.write('in'), (e) => process.stdout.write(e.code))
      setInterval(() => {}, 1000)`
    const start = () =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    const children = [start(), start()]
    const answers = await Promise.all(
      children.map(async (child) => String((await once(child.stdout, 'data'))[0])),
    )
    try {
      expect([...answers].sort()).toEqual(['STATE_LOCKED', 'in'])
    } finally {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
    }
    await (await lockState(folder))()
  })
})

it('a devnet has one of its own', async () => {
  const release = await lockDataFolder(folder)
  await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'DEVNET_FOLDER_IN_USE' })
  await release()
})
