import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { type DevnetProcess, runToEnd, spawnDevnet, stop } from './devnet-process.ts'

const alice = signerFromUri('//Alice')
const bob = signerFromUri('//Bob')

let folder: string
const running: DevnetProcess[] = []

async function start(...args: string[]): Promise<DevnetProcess> {
  const started = await spawnDevnet(['--data', folder, '--port', '0', '--block-ms', '200', ...args])
  running.push(started)
  return started
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
})
afterEach(async () => {
  for (const process of running.splice(0)) await stop(process, 'SIGKILL')
  await rm(folder, { recursive: true })
})

// Each test starts several processes, which takes its time on a busy machine.
describe('the devnet as a process', { timeout: 240_000 }, () => {
  it('serves a stock client', async () => {
    const { ready } = await start()
    const { code, out, err } = await runToEnd(['test/e2e/devnet/stock-client.mjs', ready.url])
    expect(code, err).toBe(0)
    const seen = JSON.parse(out)
    const statuses = ['Ready', 'InBlock', 'Finalized']
    expect(seen).toMatchObject({ transfer: statuses, setWeights: statuses })
    expect(seen.hotkeys).toEqual([signerFromUri('//Alice/stock').address])
    expect(BigInt(seen.bob) % 1_000_000_000n).toBe(0n)
  })

  it('loses nothing that a client saw final when it is killed', async () => {
    const first = await start()
    const chain = await connectChain({ endpoint: first.ready.url })
    const { block } = await chain.transfer(alice, { to: bob.address, amount: 123n })
    const balance = await chain.balance(bob.address)
    const head = await chain.head()
    await stop(first, 'SIGKILL')
    await chain.close()

    const second = await start()
    expect(second.ready.block).toBeGreaterThan(head.number)
    expect(second.ready.genesisHash).toBe(first.ready.genesisHash)
    const again = await connectChain({ endpoint: second.ready.url })
    expect(await again.blockHash(head.number)).toBe(head.hash)
    expect(await again.blockHash(block.number)).toBe(block.hash)
    expect(await again.balance(bob.address)).toBe(balance)
    await again.transfer(alice, { to: bob.address, amount: 1n })
    await again.close()
  })

  it('stops cleanly when it is told to, and frees the folder', async () => {
    const first = await start()
    expect(await stop(first, 'SIGTERM')).toBe(0)
    const second = await start()
    expect(await stop(second, 'SIGINT')).toBe(0)
    expect(second.ready.block).toBeGreaterThan(first.ready.block)
  })

  it('tells in one line what keeps it from starting', async () => {
    const { ready } = await start()
    const devnet = ['--import', 'tsx', 'scripts/devnet.ts']
    const runs: [code: number, text: RegExp, args: string[]][] = [
      [
        1,
        /^error DEVNET_FOLDER_IN_USE: .*in use by process \d+; stop that devnet/,
        ['--data', folder, '--port', '0'],
      ],
      [
        1,
        /^error DEVNET_PORT_TAKEN: port \d+ is taken/,
        ['--data', join(folder, 'other'), '--port', new URL(ready.url).port],
      ],
      [
        1,
        /^error DEVNET_PRESET_UNKNOWN: .*; use development/,
        ['--data', join(folder, 'third'), '--preset', 'nope'],
      ],
      [2, /^error USAGE: unknown option '--prt' /, ['--prt', '0']],
      [2, /^error USAGE: .*is not a whole number/, ['--block-ms', 'fast']],
    ]
    const ends = await Promise.all(runs.map(([, , args]) => runToEnd([...devnet, ...args])))
    ends.forEach(({ code, out, err }, i) => {
      const lines = err.trim().split('\n')
      expect(lines.at(-1)).toMatch(runs[i]?.[1] ?? /^$/)
      expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1)
      expect(code).toBe(runs[i]?.[0])
      expect(out).toBe('')
    })
  })
})
