import type { ChainClient, Metagraph, Neuron, ServeAxonArgs } from '../../shared/chain/chain-client.ts'
import { createFakeAnchors } from './fake-anchors.ts'

/** A chain in the test's hands: blocks come when it says so, and one neuron is the miner's. */
export interface MinerChain {
  chain: ChainClient
  block: number
  neurons: Neuron[]
  /** Every axon that was served, and the block. */
  served: (ServeAxonArgs & { block: number })[]
  /** What the next serveAxon fails with. */
  failure?: Error
  /** Goes on to a block, with everything that follows from it. */
  advance(to: number): Promise<void>
}

export function neuronOf(hotkey: string, uid: number, fields: Partial<Neuron> = {}): Neuron {
  return {
    uid,
    hotkey,
    coldkey: 'c',
    axon: undefined,
    active: true,
    validatorPermit: false,
    stake: 0n,
    lastUpdate: 0,
    registeredAt: 5,
    incentive: 0,
    dividends: 0,
    consensus: 0,
    validatorTrust: 0,
    emission: 0n,
    ...fields,
  }
}

/** @param servingRateLimit blocks between two servings; a serving before its time fails, as on the chain */
export function minerChain(neurons: Neuron[], servingRateLimit = 50): MinerChain {
  const listeners = new Set<(header: { number: number; hash: string }) => void>()
  const tempo = 20
  const hash = (number: number) => `0x${number}`
  const fake: MinerChain = {
    block: 100,
    neurons,
    served: [],
    chain: {
      metagraph: async (netuid: number): Promise<Metagraph> => ({
        netuid,
        block: fake.block,
        tempo,
        lastEpochBlock: Math.floor(fake.block / tempo) * tempo,
        epochIndex: Math.floor(fake.block / tempo),
        neurons: fake.neurons.map((neuron) => ({ ...neuron })),
      }),
      hyperparameters: async () => ({ servingRateLimit }),
      head: async () => ({ number: fake.block, hash: hash(fake.block) }),
      ...createFakeAnchors(() => ++fake.block),
      onBlock: (listener: (header: { number: number; hash: string }) => void) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      serveAxon: async (signer: { address: string }, args: ServeAxonArgs) => {
        if (fake.failure !== undefined) throw fake.failure
        const neuron = fake.neurons.find(({ hotkey }) => hotkey === signer.address)
        if (neuron === undefined) throw new Error('not registered')
        const before = neuron.axon?.servedAt
        if (before !== undefined && fake.block < before + servingRateLimit) throw new Error('too soon')
        const { ip, port, tls, gate } = args
        neuron.axon = { ip, port, servedAt: fake.block, ...(tls && { tls }), ...(gate && { gate }) }
        fake.served.push({ ...args, block: fake.block })
        return { txHash: '0x', block: { number: fake.block, hash: hash(fake.block) } }
      },
    } as unknown as ChainClient,
    async advance(to) {
      while (fake.block < to) {
        fake.block++
        for (const listener of [...listeners]) listener({ number: fake.block, hash: hash(fake.block) })
        // Whatever a listener began gets its turns before the next block.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
  return fake
}
