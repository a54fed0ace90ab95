import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { createFakeWeightsChain } from '../../support/fake-weights-chain.ts'
import { EXPECTED, playScenario } from '../../support/weights-scenario.ts'

const TAO = 1_000_000_000n
const TEMPO = 16
const [alice, bob] = [signerFromUri('//Alice'), signerFromUri('//Bob')]
const hotkey = signerFromUri('//Alice/validator')
const miners = [signerFromUri('//Bob/1').address, signerFromUri('//Bob/2').address] as const

it('publishes on the fake chain as the rules say', async () => {
  const fake = createFakeWeightsChain({
    signer: hotkey,
    hotkeys: [hotkey.address, ...miners],
    rules: { tempo: TEMPO, weightsRateLimit: 0 },
  })
  const trace = await playScenario({
    ...{ chain: fake.client(), signer: hotkey, netuid: 1, miners },
    nextBlock: async () => fake.produce(),
    setRules: async (rules) => void Object.assign(fake.rules, rules),
  })
  expect(trace).toEqual(EXPECTED)
})

it('publishes on the real runtime just so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'starling-weights-'))
  // No block comes by itself, so that a slow machine sees what a fast one does.
  const devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: 2 ** 30 })
  const chain = await connectChain({ endpoint: devnet.url })
  /** Blocks go by while a transaction waits for one. */
  const duringBlocks = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false
    const done = () => {
      isDone = true
    }
    work.then(done, done)
    // It is in the pool only after some answers of the node.
    while (!isDone) {
      await Promise.race([work.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 400))])
      if (!isDone) await devnet.produce()
    }
    return work
  }
  try {
    const { netuid } = await duringBlocks(chain.registerNetwork(alice, { hotkey: hotkey.address }))
    const rules = { tempo: TEMPO, weightsRateLimit: 0, minAllowedWeights: 1 }
    await duringBlocks(chain.setHyperparameters(alice, netuid, rules))
    for (const miner of miners) await duringBlocks(chain.burnedRegister(bob, { netuid, hotkey: miner }))
    const stake = { netuid, hotkey: hotkey.address, amount: 1_000n * TAO }
    await duringBlocks(chain.addStake(alice, stake))
    const trace = await playScenario({
      ...{ signer: hotkey, netuid, miners },
      chain: {
        ...chain,
        setWeights: (signer, args) => duringBlocks(chain.setWeights(signer, args)),
        commitWeights: (signer, args) => duringBlocks(chain.commitWeights(signer, args)),
        revealWeights: (signer, args) => duringBlocks(chain.revealWeights(signer, args)),
      },
      async nextBlock() {
        const header = await devnet.produce()
        await expect.poll(async () => (await chain.head()).number).toBe(header.number)
        return header
      },
      async setRules(changed) {
        await duringBlocks(chain.setHyperparameters(alice, netuid, changed))
      },
    })
    expect(trace).toEqual(EXPECTED)
  } finally {
    await chain.close()
    await devnet.close()
    await rm(folder, { recursive: true })
  }
}, 240_000)
