import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlockHeader, ChainAdmin, ChainClient } from '../../../shared/chain/chain-client.ts'
import { type Devnet, startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { lastingPort } from '../../support/lasting-port.ts'

const TAO = 1_000_000_000n
const TEMPO = 5

const alice = signerFromUri('//Alice')
const bob = signerFromUri('//Bob')
const charlie = signerFromUri('//Charlie')
const validator = signerFromUri('//Alice/validator')
const miner = signerFromUri('//Bob/miner')
const stranger = signerFromUri('//Stranger')

let folder: string
let devnet: Devnet
let chain: ChainClient & ChainAdmin
let netuid: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
  devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 150 })
  chain = await connectChain({ endpoint: devnet.url, expected: { specName: 'starling' } })
  netuid = (await chain.registerNetwork(alice, { hotkey: validator.address })).netuid
  await chain.setHyperparameters(alice, netuid, {
    tempo: TEMPO,
    weightsRateLimit: 0,
    minAllowedWeights: 1,
    servingRateLimit: 0,
  })
})

afterAll(async () => {
  await chain?.close()
  await devnet?.close()
  await rm(folder, { recursive: true })
})

/** The first block that `ready` is true at; fails when it is not within some epochs. */
async function waitFor<T>(look: () => Promise<T>, ready: (value: T) => boolean): Promise<T> {
  for (let i = 0; i < 6 * TEMPO; i++) {
    const value = await look()
    if (ready(value)) return value
    await nextBlock()
  }
  throw new Error('it did not happen within six epochs')
}

function nextBlock(): Promise<BlockHeader> {
  return new Promise((resolve) => {
    const stop = chain.onBlock((header) => {
      stop()
      resolve(header)
    })
  })
}

async function neuronOf(address: string) {
  const { neurons } = await chain.metagraph(netuid)
  return neurons.find(({ hotkey }) => hotkey === address)
}

describe('the chain client on a devnet', () => {
  it('says which chain it is', () => {
    expect(chain.info()).toMatchObject({
      specName: 'starling',
      genesisHash: devnet.genesisHash,
      chainType: 'Development',
    })
    expect(chain.info().marker).toMatch(/^0x[0-9a-f]{64}$/)
    expect(chain.info().genesisHash).not.toMatch(/^0x4545/)
  })

  it('follows blocks in order, each hash as in the chain', async () => {
    const seen: BlockHeader[] = []
    const stop = chain.onBlock((header) => seen.push(header))
    while (seen.length < 3) await nextBlock()
    stop()
    const numbers = seen.map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i))
    for (const { number, hash } of seen) expect(await chain.blockHash(number)).toBe(hash)
    await expect(chain.blockHash(1_000_000)).rejects.toMatchObject({ code: 'CHAIN_BLOCK_UNKNOWN' })
    expect((await chain.head()).number).toBeGreaterThanOrEqual(numbers[0] ?? 0)
  })

  it('transfers', async () => {
    const before = await chain.balance(charlie.address)
    const receipt = await chain.transfer(alice, { to: charlie.address, amount: 5n * TAO })
    expect(await chain.balance(charlie.address)).toBe(before + 5n * TAO)
    expect(await chain.blockHash(receipt.block.number)).toBe(receipt.block.hash)
    await expect(chain.transfer(stranger, { to: alice.address, amount: 1n })).rejects.toMatchObject({
      code: 'CHAIN_BALANCE_TOO_LOW',
    })
    await expect(
      chain.transfer(charlie, { to: alice.address, amount: 10n ** 9n * TAO }),
    ).rejects.toMatchObject({ code: 'CHAIN_UNDERFLOW' })
  })

  it('sends many transactions of one account at once', async () => {
    const before = await chain.balance(charlie.address)
    const amounts = [1n, 2n, 3n, 4n].map((n) => n * TAO)
    await Promise.all(amounts.map((amount) => chain.transfer(bob, { to: charlie.address, amount })))
    expect(await chain.balance(charlie.address)).toBe(before + 10n * TAO)
  })

  it('reads hyperparameters, and root sets them', async () => {
    expect(await chain.hyperparameters(netuid)).toMatchObject({ tempo: TEMPO, commitReveal: false })
    await expect(chain.hyperparameters(99)).rejects.toMatchObject({ code: 'CHAIN_SUBNET_UNKNOWN' })
    await expect(chain.metagraph(99)).rejects.toMatchObject({ code: 'CHAIN_SUBNET_UNKNOWN' })
    await Promise.all([
      expect(chain.setHyperparameters(bob, netuid, { tempo: 9 })).rejects.toMatchObject({
        code: 'CHAIN_REQUIRE_SUDO',
      }),
      expect(chain.setHyperparameters(alice, 99, { tempo: 9 })).rejects.toMatchObject({
        code: 'CHAIN_SUBNET_DOES_NOT_EXIST',
      }),
    ])
  })

  it('registers, stakes, serves an axon, sets weights, and is paid at the epoch', async () => {
    await chain.burnedRegister(bob, { netuid, hotkey: miner.address })
    await expect(chain.burnedRegister(bob, { netuid, hotkey: miner.address })).rejects.toMatchObject({
      code: 'CHAIN_HOT_KEY_ALREADY_REGISTERED_IN_SUB_NET',
    })
    await chain.addStake(alice, { netuid, hotkey: validator.address, amount: 1_000n * TAO })
    expect((await neuronOf(validator.address))?.stake).toBeGreaterThanOrEqual(1_000n * TAO)

    expect((await neuronOf(miner.address))?.axon).toBeUndefined()
    await chain.serveAxon(miner, { netuid, ip: '127.0.0.2', port: 8091, version: 1_000 })
    expect((await neuronOf(miner.address))?.axon).toEqual({
      ip: '127.0.0.2',
      port: 8091,
      servedAt: expect.any(Number),
    })
    await chain.serveAxon(miner, { netuid, ip: '2001:db8::7', port: 8092, version: 1_000 })
    expect((await neuronOf(miner.address))?.axon).toEqual({
      ip: '2001:db8::7',
      port: 8092,
      servedAt: expect.any(Number),
    })
    const gate = { ip: '127.0.0.2', port: 8093, tls: true, gate: true } as const
    await chain.serveAxon(miner, { netuid, ...gate, version: 1_000 })
    expect((await neuronOf(miner.address))?.axon).toEqual({ ...gate, servedAt: expect.any(Number) })

    await waitFor(
      () => neuronOf(validator.address),
      (neuron) => neuron?.validatorPermit === true,
    )
    const uid = (await neuronOf(miner.address))?.uid ?? -1
    const weights = { netuid, uids: [uid], weights: [65_535], versionKey: 0n }
    await chain.setWeights(validator, weights)
    const paid = await waitFor(
      () => neuronOf(miner.address),
      (neuron) => (neuron?.emission ?? 0n) > 0n,
    )
    expect(paid?.incentive).toBe(65_535)
    expect(paid?.stake).toBeGreaterThan(0n)
    expect((await neuronOf(validator.address))?.dividends).toBe(65_535)
    const { epochIndex, lastEpochBlock, block, neurons } = await chain.metagraph(netuid)
    expect(epochIndex).toBeGreaterThan(0)
    expect(block - lastEpochBlock).toBeLessThanOrEqual(TEMPO)
    expect(neurons.map((neuron) => neuron.uid)).toEqual(neurons.map((_, i) => i))
  })

  it('reads the metagraph as of an older block', async () => {
    const { hash, number } = await chain.head()
    await nextBlock()
    await nextBlock()
    expect((await chain.metagraph(netuid, hash)).block).toBe(number)
  })

  it('tells why the chain refuses weights', async () => {
    const uid = (await neuronOf(miner.address))?.uid ?? -1
    const weights = { netuid, uids: [uid], weights: [65_535], versionKey: 0n }
    await expect(chain.setWeights(miner, { ...weights, uids: [uid, uid], weights: [1, 1] })).rejects.toThrow(
      /subtensorModule.setWeights/,
    )
    await expect(chain.setWeights(bob, weights)).rejects.toMatchObject({
      code: 'CHAIN_HOT_KEY_NOT_REGISTERED_IN_SUB_NET',
    })
    await expect(
      chain.setWeights(validator, { ...weights, uids: [0, 9], weights: [1, 1] }),
    ).rejects.toMatchObject({ code: 'CHAIN_UID_VEC_CONTAIN_INVALID_ONE' })
    await chain.setHyperparameters(alice, netuid, { weightsRateLimit: 1_000 })
    await expect(chain.setWeights(validator, weights)).rejects.toMatchObject({
      code: 'CHAIN_SETTING_WEIGHTS_TOO_FAST',
      remedy: expect.stringContaining('wait'),
    })
    await chain.setHyperparameters(alice, netuid, { weightsRateLimit: 0, commitReveal: true })
    await expect(chain.setWeights(validator, weights)).rejects.toMatchObject({
      code: 'CHAIN_COMMIT_REVEAL_ENABLED',
    })
    await chain.setHyperparameters(alice, netuid, { commitReveal: false })
  })

  it('refuses the address that Subtensor refuses', async () => {
    const axon = { netuid, ip: '127.0.0.1', port: 8091, version: 1_000 }
    await expect(chain.serveAxon(miner, axon)).rejects.toMatchObject({ code: 'CHAIN_INVALID_IP_ADDRESS' })
    await expect(chain.serveAxon(miner, { ...axon, ip: 'localhost' })).rejects.toMatchObject({
      code: 'CHAIN_INVALID_IP_ADDRESS',
    })
  })

  it('gives stake back', async () => {
    const before = await chain.balance(alice.address)
    await chain.removeStake(alice, { netuid, hotkey: validator.address, amount: 100n * TAO })
    const gained = (await chain.balance(alice.address)) - before
    expect(gained).toBeGreaterThan(99n * TAO)
    expect(gained).toBeLessThanOrEqual(100n * TAO)
  })
})

describe('connecting', () => {
  it('refuses another chain than the expected one', async () => {
    const wrongSpec = connectChain({ endpoint: devnet.url, expected: { specName: 'node-subtensor' } })
    await expect(wrongSpec).rejects.toMatchObject({ code: 'CHAIN_WRONG' })
    const wrongGenesis = connectChain({
      endpoint: devnet.url,
      expected: { genesisHash: `0x${'2f'.repeat(32)}` },
    })
    await expect(wrongGenesis).rejects.toThrow(/its genesis is/)
  })

  it('fails at once when nobody listens, and on an address that is none', async () => {
    await expect(connectChain({ endpoint: 'ws://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    })
    await expect(connectChain({ endpoint: 'localhost' })).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
  })

  it('fails calls under way when it is closed, and later ones', async () => {
    const other = await connectChain({ endpoint: devnet.url })
    const underWay = other.metagraph(netuid)
    underWay.catch(() => {})
    await other.close()
    await other.close()
    await expect(underWay).rejects.toMatchObject({ code: 'CHAIN_CLOSED' })
    await expect(other.head()).rejects.toMatchObject({ code: 'CHAIN_CLOSED' })
  })

  it('comes back after the node did', async () => {
    const own = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
    const port = await lastingPort()
    const first = await startDevnet({ port, dataDir: own, blockMs: 150 })
    const client = await connectChain({ endpoint: first.url })
    const seen: number[] = []
    client.onBlock(({ number }) => seen.push(number))
    await first.close()
    await expect(client.head()).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' })
    const last = first.head().number
    const second = await startDevnet({ port, dataDir: own, blockMs: 150 })
    await expect.poll(() => seen.some((number) => number > last)).toBe(true)
    expect((await client.head()).number).toBeGreaterThan(last)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
    await client.close()
    await second.close()
    await rm(own, { recursive: true })
  })

  it('does not repeat a block when only the connection was lost', async () => {
    const own = await mkdtemp(join(tmpdir(), 'starling-devnet-'))
    const still = await startDevnet({ port: 0, dataDir: own, blockMs: 600_000 })
    const wire = await startWire(Number(new URL(still.url).port))
    const client = await connectChain({ endpoint: `ws://127.0.0.1:${wire.port}` })
    const seen: BlockHeader[] = []
    client.onBlock((header) => seen.push(header))
    wire.cut()
    await expect.poll(() => client.head().catch(() => undefined)).toEqual(still.head())
    expect(seen).toEqual([])
    await client.close()
    wire.close()
    await still.close()
    await rm(own, { recursive: true })
  })
})

/** A wire to a port, which can be cut without either end knowing beforehand. */
async function startWire(target: number) {
  const ends = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
    }
  })
  const cut = () => {
    for (const end of ends) end.destroy()
    ends.clear()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    cut,
    close: () => {
      server.close()
      cut()
    },
  }
}
