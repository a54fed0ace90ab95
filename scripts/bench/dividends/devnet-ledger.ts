import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChainAdmin, ChainClient, Metagraph } from '../../../shared/chain/chain-client.ts'
import { storageIndex, weightsCommitHash } from '../../../shared/chain/commit-reveal/hash-commit.ts'
import { startDevnet } from '../../../shared/chain/devnet/devnet.ts'
import { connectChain } from '../../../shared/chain/substrate-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import type { Signer } from '../../../shared/chain/wallet/signer.ts'
import type { Ledger, Row } from './ledger.ts'
import type { LedgerRules } from './simulated-ledger.ts'

const BLOCK_MS = 250
/** Room for the commits, the reveals and a block of slack on either side. */
const TEMPO = 16
const RAO_PER_TAO = 1_000_000_000n
/** TAO for each unit of stake: so much that an epoch's dividends do not shift the stakes. */
const TAO_PER_UNIT = 10_000n
const VERSION_KEY = 0n
const root = signerFromUri('//Alice')

interface Commit {
  readonly epoch: number
  readonly row: Row
  readonly salt: readonly number[]
}

/** A devnet with one subnet under hash commit-reveal: every commit, reveal and epoch is the runtime's own. */
export async function createDevnetLedger(
  stakes: readonly number[],
  miners: number,
  rules: LedgerRules,
  random: () => number,
): Promise<Ledger> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-dividends-'))
  const devnet = await startDevnet({ port: 0, dataDir: folder, blockMs: BLOCK_MS })
  const chain = await connectChain({ endpoint: devnet.url })
  const hotkeys = stakes.map((_, at) => signerFromUri(`//validator//${at}`))
  const netuid = await createSubnet(chain, stakes, hotkeys, miners, rules)
  let before = await nextEpoch(chain, netuid, await chain.metagraph(netuid))
  const uidOf = new Map(before.neurons.map(({ hotkey, uid }) => [hotkey, uid]))
  const firstMiner = uidOf.get(minerKey(0).address)!
  const validatorUids = hotkeys.map(({ address }) => uidOf.get(address)!)
  const commits: Commit[][] = stakes.map(() => [])

  const cells = (row: Row) => {
    const set = row
      .map((weight, miner) => ({ uid: firstMiner + miner, weight }))
      .filter(({ weight }) => weight > 0)
    return { uids: set.map(({ uid }) => uid), weights: set.map(({ weight }) => weight) }
  }
  const commitOf = async (validator: number, row: Row) => {
    const hotkey = hotkeys[validator]!
    const salt = Array.from({ length: 8 }, () => Math.floor(random() * 65_536))
    const commitHash = weightsCommitHash({
      hotkey: hotkey.publicKey,
      storageIndex: storageIndex(netuid, 0),
      ...cells(row),
      salt,
      versionKey: VERSION_KEY,
    })
    const { block } = await chain.commitWeights(hotkey, { netuid, commitHash })
    const { epochIndex } = await chain.metagraph(netuid, block.hash)
    commits[validator]!.push({ epoch: epochIndex, row, salt })
  }
  return {
    stakes,
    async reveal() {
      const due = commits.flatMap((queue, validator) => {
        const found = queue.find(({ epoch }) => epoch === before.epochIndex - rules.revealPeriod)
        return found === undefined ? [] : [{ validator, ...found }]
      })
      await Promise.all(
        due.map(({ validator, row, salt }) =>
          chain.revealWeights(hotkeys[validator]!, { netuid, ...cells(row), salt, versionKey: VERSION_KEY }),
        ),
      )
      const found = await Promise.all(validatorUids.map((uid) => chain.weights({ netuid, uid })))
      return found.map(({ uids, weights }) => {
        if (uids.length === 0) return undefined
        const row = new Array<number>(miners).fill(0)
        uids.forEach((uid, at) => {
          row[uid - firstMiner] = weights[at]!
        })
        return row
      })
    },
    async commit(rows) {
      await Promise.all(rows.map((row, validator) => commitOf(validator, row)))
      const late = commits.some((queue) => queue.at(-1)!.epoch !== before.epochIndex)
      if (late) throw new Error('a commit came into a later epoch than planned; the machine is too busy')
    },
    async settle() {
      const after = await nextEpoch(chain, netuid, before)
      const perStake = validatorUids.map((uid) => {
        const held = before.neurons[uid]!.stake
        return Number(after.neurons[uid]!.stake - held) / Number(held)
      })
      before = after
      return {
        perStake,
        validatorTrust: validatorUids.map((uid) => after.neurons[uid]!.validatorTrust / 65_535),
      }
    },
    async keepBonds() {
      const { bondsMovingAverage } = rules
      await chain.setHyperparameters(root, netuid, { bondsMovingAverage })
    },
    async close() {
      await chain.close()
      await devnet.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The metagraph at the first block that is seen after the next epoch. */
async function nextEpoch(chain: ChainClient, netuid: number, since: Metagraph): Promise<Metagraph> {
  const epochAfter = async () => {
    const now = await chain.metagraph(netuid)
    return now.epochIndex > since.epochIndex ? now : undefined
  }
  return new Promise((resolve, reject) => {
    const stop = chain.onBlock(() => {
      epochAfter().then((found) => {
        if (found === undefined) return
        stop()
        resolve(found)
      }, reject)
    })
  })
}

async function createSubnet(
  chain: ChainClient & ChainAdmin,
  stakes: readonly number[],
  hotkeys: readonly Signer[],
  miners: number,
  rules: LedgerRules,
): Promise<number> {
  const { netuid } = await chain.registerNetwork(root, { hotkey: signerFromUri('//owner').address })
  await chain.setHyperparameters(root, netuid, {
    tempo: TEMPO,
    weightsRateLimit: 0,
    minAllowedWeights: 1,
    immunityPeriod: 1_000,
    commitReveal: true,
    revealPeriodEpochs: rules.revealPeriod,
    yuma3: rules.yuma3,
    bondsMovingAverage: 0,
  })
  const all = [...hotkeys, ...Array.from({ length: miners }, (_, at) => minerKey(at))]
  // One after another, so that uids follow this order.
  for (const { address } of all) await chain.burnedRegister(root, { netuid, hotkey: address })
  for (const [at, hotkey] of hotkeys.entries()) {
    const amount = BigInt(Math.round(stakes[at]! * 1_000)) * (TAO_PER_UNIT / 1_000n) * RAO_PER_TAO
    await chain.addStake(root, { netuid, hotkey: hotkey.address, amount })
  }
  return netuid
}

function minerKey(at: number): Signer {
  return signerFromUri(`//miner//${at}`)
}
