import type { ChainAdmin, ChainClient } from '../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import { type KeyRing, ROOT_URI, writeKeys } from './keys.ts'
import type { Scenario } from './scenario.ts'

const RAO_PER_TAO = 1_000_000_000n
/** TAO that each coldkey gets for fees and its registration, beside its stake. */
const ALLOWANCE = 100n

export interface Subnet {
  readonly netuid: number
  readonly keys: ReadonlyMap<string, KeyRing>
}

/**
 * Creates the demo's subnet as its owner would: coldkeys are funded, the subnet is registered and tuned, every hotkey is
 * registered by its own coldkey, and the validators stake. All of it is ordinary transactions.
 */
export async function createSubnet(
  chain: ChainClient & ChainAdmin,
  { miners, validators, tempo, commitReveal = false }: Scenario,
  walletFolder: string,
  seed: number,
  say: (line: string) => void,
): Promise<Subnet> {
  const root = signerFromUri(ROOT_URI)
  const names = [...validators, ...miners].map(({ name }) => name)
  const keys = new Map(names.map((name) => [name, writeKeys(walletFolder, seed, name)]))
  const owner = writeKeys(walletFolder, seed, 'owner')
  const stakes = new Map(validators.map(({ name, stake }) => [name, stake]))

  const { netuid } = await chain.registerNetwork(root, { hotkey: owner.hotkey.address })
  say(`subnet ${netuid} registered`)
  // One key's transactions go one after another, as they need consecutive nonces.
  await chain.setHyperparameters(root, netuid, {
    tempo,
    weightsRateLimit: 1,
    servingRateLimit: 1,
    minAllowedWeights: 1,
    immunityPeriod: 1_000,
    commitReveal,
  })
  const fund = async (name: string) => {
    const amount = (ALLOWANCE + (stakes.get(name) ?? 0n)) * RAO_PER_TAO
    await chain.transfer(root, { to: keys.get(name)!.coldkey.address, amount })
  }
  await Promise.all(names.map(fund))
  say(`${names.length} coldkeys funded`)

  await Promise.all(
    names.map((name) => {
      const { coldkey, hotkey } = keys.get(name)!
      return chain.burnedRegister(coldkey, { netuid, hotkey: hotkey.address })
    }),
  )
  say(`${names.length} hotkeys registered`)
  await Promise.all(
    validators.map(({ name, stake }) => {
      const { coldkey, hotkey } = keys.get(name)!
      return chain.addStake(coldkey, { netuid, hotkey: hotkey.address, amount: stake * RAO_PER_TAO })
    }),
  )
  say(`${validators.map(({ name, stake }) => `${name} staked ${stake} TAO`).join(', ')}`)
  return { netuid, keys }
}
