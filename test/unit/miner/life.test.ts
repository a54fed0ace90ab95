import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { AnswerJudge } from '../../../miner/judges.ts'
import { type Miner, startMiner } from '../../../miner/miner.ts'
import type { AxonSettings } from '../../../miner/serving.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { TLS } from '../../support/certificate.ts'
import { type MinerChain, minerChain, neuronOf } from '../../support/miner-chain.ts'

const signer = signerFromUri('//life')
const { address: hotkey } = signer
const running: Miner[] = []

afterEach(async () => {
  for (const miner of running.splice(0)) await miner.close()
})

async function mineOn(
  { chain }: MinerChain,
  external: Partial<AxonSettings> = { externalIp: '198.51.100.7', externalPort: 9 },
) {
  const miner = await startMiner({
    chain,
    signer,
    netuid: 1,
    model: { name: 'm', hash: `0x${'00'.repeat(32)}`, executionClass: 'c' } as never,
    answerer: (() => {}) as never,
    judge: (() => {}) as unknown as AnswerJudge,
    axon: { ip: '127.0.0.1', port: 0, ...external },
    stateFolder: 'unused',
    minStake: 0n,
    clock: systemClock,
    log: silentLog(),
  })
  running.push(miner)
  return miner
}

/** Whether and how a miner has ended by now. */
const outcome = (miner: Miner) =>
  Promise.race([
    miner.ended.catch((error: unknown) => error),
    new Promise((resolve) => setImmediate(resolve, 'runs')),
  ])

const elsewhere = (servedAt: number) => ({ ip: '198.51.100.9', port: 9, servedAt })

describe('a miner’s address', () => {
  it('is written when the chain has none', async () => {
    const fake = minerChain([neuronOf(hotkey, 0)])
    await mineOn(fake)
    expect(fake.served).toMatchObject([{ ip: '198.51.100.7', port: 9, block: 100 }])
  })

  it('comes with a file of accepted upgrades, where it is told one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starling-axon-'))
    const noncesPath = join(folder, 'axon.nonces')
    await mineOn(minerChain([neuronOf(hotkey, 0)]), { noncesPath })
    expect(existsSync(noncesPath)).toBe(true)
    rmSync(folder, { recursive: true })
  })

  it('is not written again when it stands there', async () => {
    const axon = { ip: '198.51.100.7', port: 9, servedAt: 1 }
    const fake = minerChain([neuronOf(hotkey, 0, { axon })])
    const miner = await mineOn(fake)
    await fake.advance(200)
    expect(fake.served).toEqual([])
    expect(await outcome(miner)).toBe('runs')
  })

  it('is written at once when the last change is long ago', async () => {
    const fake = minerChain([neuronOf(hotkey, 0, { axon: elsewhere(50) })])
    await mineOn(fake)
    expect(fake.served).toMatchObject([{ block: 100 }])
  })

  it('waits for the block in which the chain takes it, once', async () => {
    const fake = minerChain([neuronOf(hotkey, 0, { axon: elsewhere(80) })])
    const miner = await mineOn(fake)
    await fake.advance(129)
    expect(fake.served).toEqual([])
    await fake.advance(170)
    expect(fake.served).toMatchObject([{ ip: '198.51.100.7', port: 9, block: 130 }])
    expect(await outcome(miner)).toBe('runs')
  })

  it('is written again where only TLS is new', async () => {
    const axon = { ip: '198.51.100.7', port: 9, servedAt: 1 }
    const fake = minerChain([neuronOf(hotkey, 0, { axon })])
    await mineOn(fake, { externalIp: '198.51.100.7', externalPort: 9, tls: TLS })
    expect(fake.served).toMatchObject([{ ip: '198.51.100.7', port: 9, tls: true }])
  })

  it('says TLS where a proxy in front speaks it', async () => {
    const fake = minerChain([neuronOf(hotkey, 0)])
    await mineOn(fake, { externalIp: '198.51.100.7', externalPort: 443, externalTls: true })
    expect(fake.served).toMatchObject([{ port: 443, tls: true }])
  })

  it('is given up when the miner stops before', async () => {
    const fake = minerChain([neuronOf(hotkey, 0, { axon: elsewhere(80) })])
    const miner = await mineOn(fake)
    await miner.close()
    await fake.advance(200)
    expect(fake.served).toEqual([])
    expect(await outcome(miner)).toBe('runs')
  })

  it('ends the miner when the chain refuses it in the end', async () => {
    const fake = minerChain([neuronOf(hotkey, 0, { axon: elsewhere(80) })])
    const miner = await mineOn(fake)
    fake.failure = new Error('refused')
    await fake.advance(140)
    expect(await outcome(miner)).toMatchObject({ message: 'refused' })
  })

  it('keeps the miner from starting when the chain refuses it at once', async () => {
    const fake = minerChain([neuronOf(hotkey, 0)])
    fake.failure = new Error('refused')
    await expect(mineOn(fake)).rejects.toThrow('refused')
  })
})

describe('a miner’s place on the subnet', () => {
  it('is missed when another hotkey takes its uid', async () => {
    const fake = minerChain([neuronOf('other', 0), neuronOf(hotkey, 1)])
    const miner = await mineOn(fake)
    fake.neurons = [neuronOf('other', 0), neuronOf('heir', 1, { registeredAt: 101 })]
    await fake.advance(126)
    expect(await outcome(miner)).toMatchObject({
      code: 'DEREGISTERED',
      message: expect.stringMatching(
        /lost its place on subnet 1 \(uid 1, which is heir's now\) by block \d+$/,
      ),
      remedy: expect.stringContaining('npm run register'),
    })
  })

  it('is kept when others come, go and move', async () => {
    const fake = minerChain([neuronOf('other', 0), neuronOf(hotkey, 1)])
    const miner = await mineOn(fake)
    fake.neurons = [neuronOf('third', 0, { registeredAt: 101 }), fake.neurons[1]!, neuronOf('fourth', 2)]
    await fake.advance(160)
    expect(await outcome(miner)).toBe('runs')
    expect(fake.served).toHaveLength(1)
  })

  it('brings the address back when the hotkey is registered anew, on whatever uid', async () => {
    const fake = minerChain([neuronOf(hotkey, 0)])
    const miner = await mineOn(fake)
    fake.neurons = [neuronOf('heir', 0), neuronOf(hotkey, 1, { registeredAt: 110 })]
    await fake.advance(160)
    expect(await outcome(miner)).toBe('runs')
    expect(fake.served).toMatchObject([{ block: 100 }, { ip: '198.51.100.7', port: 9 }])
    expect(fake.neurons[1]?.axon).toMatchObject({ ip: '198.51.100.7' })
  })

  it('is not given up for a chain that seems to go back', async () => {
    const fake = minerChain([neuronOf(hotkey, 0)])
    const miner = await mineOn(fake)
    const { metagraph } = fake.chain
    fake.chain.metagraph = async (netuid) => ({ ...(await metagraph(netuid)), block: 40, neurons: [] })
    await fake.advance(160)
    expect(await outcome(miner)).toBe('runs')
  })

  it('must be there at the start', async () => {
    await expect(mineOn(minerChain([neuronOf('other', 0)]))).rejects.toMatchObject({ code: 'NOT_REGISTERED' })
  })
})
