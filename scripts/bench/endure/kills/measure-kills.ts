import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChainAdmin, ChainClient } from '../../../../shared/chain/chain-client.ts'
import { connectChain } from '../../../../shared/chain/substrate-client.ts'
import { type Random, seededRandom } from '../../../../shared/inference/random.ts'
import { REGISTRY_FILE, type Registry } from '../../../../shared/inference/registry/registry.ts'
import { silentLog } from '../../../../shared/process/logging.ts'
import { scoringConfigSchema } from '../../../../validator/scoring/config.ts'
import { startDevnetProcess } from '../../../demo/devnet-process.ts'
import { readJournal } from '../../../demo/journals.ts'
import { logFolder, walletFolder } from '../../../demo/participants.ts'
import { createSubnet, type Subnet } from '../../../demo/subnet.ts'
import { accountOf, type EnduranceKills } from './account.ts'
import { bundleValidator } from './bundle.ts'
import { checkState } from './check-state.ts'
import { type Death, type Life, live } from './life.ts'
import { startMiners } from './miners.ts'
import { BLOCK_MS, KILLS_SCENARIO, ROUND_MS, START_MS } from './scenario.ts'
import { callOf, watchWeights } from './weights-sent.ts'

/** Real validators under `kill -9`, and what became of their scores and weights. */
export interface KillsOptions {
  /** Over all validators. */
  readonly kills: number
  readonly seed: number
  readonly modelsFolder: string
  /** Where everything lies; to be made, in the project’s own tree, so that a bundle finds its packages. */
  readonly folder: string
  readonly now: () => number
  readonly onKill: (done: number) => void
}

/** Where one validator keeps its state, and what it is started with. */
interface Lane {
  readonly name: string
  readonly state: string
  readonly logFile: string
  readonly args: readonly string[]
}

/** Lets validators live and die on a chain of their own, and holds what they left against what they said and what the chain says. */
export async function killValidators(options: KillsOptions): Promise<EnduranceKills> {
  const { folder, seed, now } = options
  mkdirSync(logFolder({ folder }), { recursive: true })
  const scoring = scoringConfigSchema.parse(KILLS_SCENARIO.scoring)
  const program = await bundleValidator(join(folder, 'bundle'))
  const devnet = await startDevnetProcess(folder, BLOCK_MS)
  let chain: (ChainClient & ChainAdmin) | undefined
  let miners: { close(): Promise<void> } | undefined
  try {
    chain = await connectChain({ endpoint: devnet.url, log: silentLog() })
    const subnet = await createSubnet(chain, KILLS_SCENARIO, walletFolder({ folder }), seed, () => {})
    const keys = (role: { name: string }) => subnet.keys.get(role.name)!.hotkey
    const models = modelsOf(options)
    const model = join(models, 'nano')
    miners = await startMiners(
      chain,
      subnet.netuid,
      KILLS_SCENARIO.miners.map(keys),
      model,
      join(folder, 'miners'),
    )
    await untilPermitted(chain, subnet)
    const lanes = KILLS_SCENARIO.validators.map(({ name }) =>
      laneOf(name, folder, models, subnet, devnet.url),
    )
    const hotkeys = KILLS_SCENARIO.validators.map(keys)
    const call = await callOf(chain, subnet.netuid)
    const watch = await watchWeights(devnet.url, chain, hotkeys, call)
    const random = seededRandom(seed)
    let left = options.kills
    const lived = await Promise.all(
      lanes.map(async (lane) => {
        const lives: Life[] = []
        const problems: string[] = []
        const run = async (death: Death) => {
          const life = await live(program, lane.args, death, lane.logFile, now)
          lives.push(life)
          const found = checkState(lane.state, scoring, life)
          if (life.ended !== undefined) found.push(`it ended by itself: ${life.ended}`)
          problems.push(...found.map((problem) => `${lane.name}, life ${lives.length}: ${problem}`))
        }
        while (left-- > 0) {
          await run(nextDeath(random))
          options.onKill(options.kills - Math.max(0, left))
        }
        // What was under way when the last one died is found out by one that lives longer.
        await run({ after: 'round', milliseconds: SETTLING_MS })
        return { lives, problems, ...readJournal(lane.state) }
      }),
    )
    const sent = await watch.finish()
    return accountOf(lived.map((lane, i) => ({ ...lane, sent: sent.get(hotkeys[i]!.address)! })))
  } finally {
    await miners?.close()
    await chain?.close()
    await devnet.child.stop(3_000)
  }
}

/** Long enough for a transaction that was lost to be given up, and for newer weights. */
const SETTLING_MS = 100 * BLOCK_MS

/** One death in four comes while the process starts, the others anywhere from a round’s first message to its weights. */
function nextDeath(random: Random): Death {
  const after = random() < 0.25 ? 'start' : 'round'
  return { after, milliseconds: random() * (after === 'start' ? START_MS : ROUND_MS) }
}

/** A folder with the smallest model and a registry of it alone: what else lies beside it would be read at every start. */
function modelsOf({ folder, modelsFolder }: KillsOptions): string {
  const models = join(folder, 'models')
  mkdirSync(models, { recursive: true })
  cpSync(join(modelsFolder, 'nano'), join(models, 'nano'), { recursive: true })
  const all: Registry = JSON.parse(readFileSync(join(modelsFolder, REGISTRY_FILE), 'utf8'))
  const registry = { ...all, models: all.models.filter(({ name }) => name === 'nano') }
  writeFileSync(join(models, REGISTRY_FILE), JSON.stringify(registry))
  return models
}

function laneOf(name: string, folder: string, models: string, { netuid }: Subnet, url: string): Lane {
  const config = join(folder, 'validator.json')
  writeFileSync(config, JSON.stringify({ round: KILLS_SCENARIO.round, scoring: KILLS_SCENARIO.scoring }))
  const state = join(folder, 'state', name)
  return {
    ...{ name, state, logFile: join(logFolder({ folder }), `${name}.log`) },
    args: [
      ...['--netuid', String(netuid), '--subtensor.chain_endpoint', url, '--logging.level', 'debug'],
      ...['--wallet.path', walletFolder({ folder }), '--wallet.name', name, '--wallet.hotkey', 'default'],
      ...['--models', models, '--config', config, '--state', state],
      ...['--publish.keep', '100000', '--no-status'],
    ],
  }
}

async function untilPermitted(chain: ChainClient, { netuid }: Subnet): Promise<void> {
  const wanted = KILLS_SCENARIO.validators.length
  const count = async () =>
    (await chain.metagraph(netuid)).neurons.filter(
      ({ validatorPermit, stake }) => validatorPermit && stake > 0n,
    )
  while ((await count()).length < wanted) {
    await new Promise<void>((resolve) => {
      const stop = chain.onBlock(() => {
        stop()
        resolve()
      })
    })
  }
}
