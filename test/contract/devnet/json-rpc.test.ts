import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'

const keys = new Keyring({ type: 'sr25519', ss58Format: 42 })
const alice = keys.addFromUri('//Alice')
const bob = keys.addFromUri('//Bob')
const poor = keys.addFromUri('//Poor')

let folder: string
let devnet: Devnet
let provider: WsProvider
let api: ApiPromise

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
  devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 200 })
  provider = new WsProvider(devnet.url)
  api = await ApiPromise.create({ provider: provider as ProviderInterface, noInitWarn: true })
})
afterAll(async () => {
  await api?.disconnect()
  await devnet?.close()
  await rm(folder, { recursive: true })
})

async function signed(from: typeof alice, amount: number, nonce: number): Promise<string> {
  const call = api.tx.balances?.transferKeepAlive?.(bob.address, amount)
  if (call === undefined) throw new Error('the runtime has balances')
  return (await call.signAsync(from, { nonce })).toHex()
}

const nextNonce = async (address: string) => Number(await provider.send('system_accountNextIndex', [address]))

/** Every status of a transaction up to the last one. */
function watch(transaction: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const seen: unknown[] = []
    provider
      .subscribe(
        'author_extrinsicUpdate',
        'author_submitAndWatchExtrinsic',
        [transaction],
        (_error, status) => {
          seen.push(typeof status === 'string' ? status : Object.keys(status)[0])
          if (['finalized', 'invalid', 'usurped'].includes(String(seen.at(-1)))) resolve(seen)
        },
      )
      .catch(reject)
  })
}

describe('transactions', () => {
  it('holds a future nonce until the gap closes', async () => {
    const nonce = await nextNonce(alice.address)
    const last = watch(await signed(alice, 3, nonce + 2))
    const middle = watch(await signed(alice, 2, nonce + 1))
    // Each waits for a verdict of the runtime, which a new block may ask for again.
    await expect.poll(() => provider.send('author_pendingExtrinsics', [])).toHaveLength(2)
    expect(await nextNonce(alice.address)).toBe(nonce)
    const first = watch(await signed(alice, 1, nonce))
    expect(await first).toEqual(['ready', 'inBlock', 'finalized'])
    expect(await middle).toEqual(['future', 'inBlock', 'finalized'])
    expect(await last).toEqual(['future', 'inBlock', 'finalized'])
    expect(await nextNonce(alice.address)).toBe(nonce + 3)
  })

  it('counts waiting transactions into the next nonce', async () => {
    const nonce = await nextNonce(bob.address)
    const sent = watch(await signed(bob, 1, nonce))
    const waiting = async () => (await nextNonce(bob.address)) === nonce + 1
    await expect.poll(waiting, { interval: 5 }).toBe(true)
    await sent
    expect(await nextNonce(bob.address)).toBe(nonce + 1)
  })

  it('refuses as a node does', async () => {
    const nonce = await nextNonce(alice.address)
    const submit = (transaction: string) => provider.send('author_submitExtrinsic', [transaction])
    await expect(submit(await signed(alice, 1, 0))).rejects.toThrow(
      '1010: Invalid Transaction: Transaction is outdated',
    )
    await expect(submit(await signed(poor, 1, 0))).rejects.toThrow(
      '1010: Invalid Transaction: Inability to pay some fees',
    )
    const good = await signed(alice, 1, nonce)
    const forged = `${good.slice(0, -2)}${good.endsWith('00') ? '01' : '00'}`
    await expect(submit(forged)).rejects.toThrow(/^10(10|02): /)
    await expect(submit('0x00')).rejects.toThrow('1002: Verification Error')
    await expect(submit('hello')).rejects.toThrow('-32602: Invalid params')

    const far = await signed(alice, 1, nonce + 5)
    await submit(far)
    await expect(submit(far)).rejects.toThrow('1013: Transaction Already Imported')
    await expect(submit(await signed(alice, 2, nonce + 5))).rejects.toThrow('1014: Priority is too low')
  })
})

describe('what the interface offers', () => {
  it('has no method that changes the state from outside', async () => {
    const { methods } = await provider.send<{ methods: string[] }>('rpc_methods', [])
    expect(methods.filter((name) => /^dev_|^sudo_|^author_(insertKey|rotateKeys)/.test(name))).toEqual([])
    for (const method of [
      'dev_setStorage',
      'dev_newBlock',
      'dev_setHead',
      'dev_timeTravel',
      'nonsense',
      'toString',
    ]) {
      await expect(provider.send(method, [])).rejects.toThrow('-32601: Method not found')
    }
  })

  it('serves every method that it lists', async () => {
    const { methods } = await provider.send<{ methods: string[] }>('rpc_methods', [])
    for (const method of methods.filter((name) => !/subscribe|submit|unwatch/i.test(name))) {
      const answer = await provider.send(method, ['0x', 1]).then(
        () => 'ok',
        (error) => String(error),
      )
      expect(answer, method).not.toMatch(/-32601|-32603/)
    }
  })

  it('reads older states, until they are discarded', async () => {
    const genesis = api.genesisHash.toHex()
    const key = api.query.system?.number?.key() ?? ''
    const third = await provider.send('chain_getBlockHash', [3])
    expect(await provider.send('state_getStorage', [key, third])).toBe('0x03000000')
    expect(await provider.send('state_getStorage', [key, genesis])).toBeNull()
    await expect(provider.send('state_getStorage', [key, `0x${'11'.repeat(32)}`])).rejects.toThrow(
      /UnknownBlock/,
    )
    const prefix = api.query.system?.account?.keyPrefix() ?? ''
    const keysAt = await provider.send<string[]>('state_getKeysPaged', [prefix, 1000, null, genesis])
    expect(keysAt).toHaveLength(6)
    expect(keysAt).toEqual([...keysAt].sort())
    const paged = await provider.send<string[]>('state_getKeysPaged', [prefix, 4, keysAt[1], genesis])
    expect(paged).toEqual(keysAt.slice(2))
  })

  it('keeps the clock near the wall clock', async () => {
    const now = Number((await api.query.timestamp?.now?.())?.toString())
    expect(Math.abs(Date.now() - now)).toBeLessThan(30_000)
  })

  it('answers batches, and malformed messages with an error', async () => {
    const socket = new WebSocket(devnet.url)
    const received: unknown[] = []
    socket.on('message', (data) => received.push(JSON.parse(String(data))))
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('{"half')
    socket.send('{"jsonrpc":"2.0","id":1}')
    const batch = ['system_name', 'dev_newBlock'].map((method, id) => ({
      jsonrpc: '2.0',
      id,
      method,
      params: [],
    }))
    socket.send(JSON.stringify(batch))
    await expect.poll(() => received.length).toBe(3)
    expect(received).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ code: -32700 }) }),
    )
    expect(received).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ code: -32600 }) }),
    )
    expect(received).toContainEqual([
      { jsonrpc: '2.0', id: 0, result: 'Starling devnet' },
      expect.objectContaining({ error: expect.objectContaining({ code: -32601 }) }),
    ])
    socket.terminate()
  })
})
