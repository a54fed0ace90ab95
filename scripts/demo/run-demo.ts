import { mkdirSync } from 'node:fs'
import type { ChainClient } from '../../shared/chain/chain-client.ts'
import { readRuntime } from '../../shared/chain/devnet/runtime-artifact.ts'
import { connectChain } from '../../shared/chain/substrate-client.ts'
import type { Clock } from '../../shared/process/clock.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { silentLog } from '../../shared/process/logging.ts'
import type { Child } from './child.ts'
import { minerFacts, validatorFacts } from './collect.ts'
import { startDevnetProcess } from './devnet-process.ts'
import { type EpochWatch, watchEpochs } from './epochs.ts'
import type { DemoFacts } from './facts.ts'
import { nextFaultyStep } from './faulty.ts'
import { readJournal } from './journals.ts'
import {
  logFolder,
  type Stage,
  startMinerProcess,
  startValidatorProcess,
  stateFolder,
  walletFolder,
} from './participants.ts'
import type { Scenario } from './scenario.ts'
import type { Screen } from './screen.ts'
import { createSubnet, type Subnet } from './subnet.ts'
import { renderTable } from './table.ts'

export interface DemoOptions {
  readonly scenario: Scenario
  readonly folder: string
  readonly seed: number
  readonly deadlineSeconds: number
  readonly clock: Clock
  readonly screen: Screen
  readonly signal: AbortSignal
}

export interface DemoRun {
  readonly facts: DemoFacts
  readonly journals: readonly {
    readonly name: string
    readonly rounds: ReturnType<typeof readJournal>['rounds']
  }[]
}

/** Runs the whole subnet until the chain has paid enough epochs and the faulty miner is back, or time is up. */
export async function runDemo(options: DemoOptions): Promise<DemoRun> {
  const { folder, seed, screen, clock, scenario } = options
  const started = clock.monotonic()
  mkdirSync(logFolder({ folder }), { recursive: true })
  const children = new Map<string, Child>()
  let chain: ChainClient | undefined
  let fail = (_reason: unknown) => {}
  const crash = new Promise<never>((_resolve, reject) => {
    // An interrupt reaches the children, too; then their end is no news.
    fail = (reason) => reject(options.signal.aborted ? options.signal.reason : reason)
  })
  // It may come before anybody looks.
  crash.catch(() => {})
  const add = (child: Child) => {
    children.set(child.name, child)
    child.crashed.catch(fail)
  }
  try {
    const devnet = await startDevnetProcess(folder, scenario.blockMs)
    add(devnet.child)
    screen.say(`devnet at ${devnet.url}`)
    const admin = await connectChain({ endpoint: devnet.url, log: silentLog() })
    chain = admin
    const subnet = await createSubnet(admin, scenario, walletFolder({ folder }), seed, screen.say)
    const stage: Stage = { folder, chainUrl: devnet.url, netuid: subnet.netuid, scenario }
    const epochs = watchEpochs(await admin.metagraph(subnet.netuid))
    for (const [index, role] of scenario.miners.entries()) add(startMinerProcess(stage, role, index))
    screen.say(`${scenario.miners.length} miners started; logs in ${logFolder({ folder })}`)
    const run = (async () => {
      await untilServing(admin, stage, options, started)
      for (const role of scenario.validators) add(startValidatorProcess(stage, role))
      screen.say(`${scenario.validators.length} validators started`)
      return watch(options, { stage, subnet, chain: admin, epochs, children, add, started })
    })()
    // When a process crashed, what else goes wrong is a consequence.
    run.catch(() => {})
    return await Promise.race([run, crash])
  } finally {
    await chain?.close()
    // The chain goes last, so that nobody logs a lost connection.
    const [devnet, ...others] = [...children.values()]
    await Promise.all(others.map((child) => child.stop(3_000)))
    await devnet?.stop(3_000)
  }
}

interface Watched {
  readonly stage: Stage
  readonly subnet: Subnet
  readonly chain: ChainClient
  readonly epochs: EpochWatch
  readonly children: ReadonlyMap<string, Child>
  readonly add: (child: Child) => void
  readonly started: number
}

/** Waits until every miner can be dialled and every validator has its permit: whoever starts late would be paid late. */
async function untilServing(
  chain: ChainClient,
  { netuid, scenario }: Stage,
  { clock, deadlineSeconds, signal }: DemoOptions,
  started: number,
): Promise<void> {
  for await (const _header of blocks(chain, signal)) {
    const { neurons } = await chain.metagraph(netuid)
    const serving = neurons.filter(({ axon }) => axon !== undefined).length
    const permitted = neurons.filter(({ validatorPermit, stake }) => validatorPermit && stake > 0n).length
    if (serving >= scenario.miners.length && permitted >= scenario.validators.length) return
    if (clock.monotonic() - started >= deadlineSeconds * 1000) {
      const counts = `${serving} of ${scenario.miners.length} miners serve, ${permitted} validators have a permit`
      throw new StarlingError('DEMO_TIMEOUT', `${counts} after ${deadlineSeconds} s`, 'give more --seconds')
    }
  }
  throw signal.reason
}

async function watch(options: DemoOptions, watched: Watched): Promise<DemoRun> {
  const { screen, clock, signal, scenario } = options
  const { stage, subnet, chain, epochs, children, add, started } = watched
  const faultyIndex = scenario.miners.findIndex(({ behaviour }) => behaviour === 'faulty')
  const faulty = scenario.miners[faultyIndex]
  const restartBlocks: number[] = []
  let isFaultyRunning = true

  for await (const header of blocks(chain, signal)) {
    const { latest } = epochs
    if (header.number >= latest.lastEpochBlock + latest.tempo) {
      const epoch = epochs.see(await chain.metagraph(subnet.netuid))
      if (epoch?.paysMiners === true) screen.say(`epoch ${epoch.epoch} paid at block ${epoch.block}`)
    }
    const journals = scenario.validators.map(({ name }) => ({
      name,
      ...readJournal(stateFolder(stage, name)),
    }))
    const seconds = (clock.monotonic() - started) / 1000
    const facts = await collect(options, watched, journals, restartBlocks, header.number, seconds)
    screen.table(renderTable(facts))

    if (faulty !== undefined) {
      const step = nextFaultyStep(
        { isRunning: isFaultyRunning, restarts: restartBlocks.length },
        subnet.keys.get(faulty.name)!.hotkey.address,
        journals.map(({ rounds }) => rounds),
      )
      if (step === 'kill') {
        children.get(faulty.name)!.kill()
        isFaultyRunning = false
        screen.say(`${faulty.name} died`)
      } else if (step === 'restart') {
        add(startMinerProcess(stage, faulty, faultyIndex))
        isFaultyRunning = true
        restartBlocks.push(header.number)
        screen.say(`${faulty.name} restarted`)
      }
    }
    const isBack = faulty === undefined || facts.miners[faultyIndex]!.acceptedAfterRestart > 0
    const isOver = facts.chain.epochs >= scenario.paidEpochs && isBack
    if (isOver || seconds >= options.deadlineSeconds) return { facts, journals }
  }
  throw signal.reason
}

async function collect(
  { seed, scenario }: DemoOptions,
  { subnet, chain, epochs }: Watched,
  journals: readonly ReturnType<typeof readJournal>[],
  restartBlocks: readonly number[],
  block: number,
  seconds: number,
): Promise<DemoFacts> {
  const { manifest } = await readRuntime()
  const hotkeyOf = (name: string) => subnet.keys.get(name)!.hotkey.address
  const paidEpochs = epochs.epochs.filter(({ paysMiners }) => paysMiners)
  return {
    seconds,
    seed,
    chain: {
      specName: chain.info().specName,
      wasmSha256: manifest.wasmSha256,
      blocks: block,
      epochs: paidEpochs.length,
    },
    miners: scenario.miners.map((role) =>
      minerFacts(
        role,
        hotkeyOf(role.name),
        epochs.latest,
        epochs.epochs,
        journals,
        role.behaviour === 'faulty' ? restartBlocks : [],
      ),
    ),
    validators: scenario.validators.map((role, i) =>
      validatorFacts(role, hotkeyOf(role.name), epochs.latest, epochs.epochs, journals[i]!),
    ),
    history: epochs.epochs,
  }
}

/** Finalized blocks as they come; the newest only, when the consumer is slower than the chain. */
async function* blocks(chain: ChainClient, signal: AbortSignal) {
  let newest: { number: number } | undefined
  let wake = () => {}
  const unsubscribe = chain.onBlock((header) => {
    newest = header
    wake()
  })
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      if (newest === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const header = newest
      newest = undefined
      yield header
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    unsubscribe()
  }
}
