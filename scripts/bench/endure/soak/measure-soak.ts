import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { ChainClient } from '../../../../shared/chain/chain-client.ts'
import { connectChain } from '../../../../shared/chain/substrate-client.ts'
import { seededRandom } from '../../../../shared/inference/random.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { silentLog } from '../../../../shared/process/logging.ts'
import { startDevnetProcess } from '../../../demo/devnet-process.ts'
import { readJournal } from '../../../demo/journals.ts'
import {
  logFolder,
  type Stage,
  startValidatorProcess,
  stateFolder,
  walletFolder,
} from '../../../demo/participants.ts'
import { createSubnet } from '../../../demo/subnet.ts'
import type { EndurePart } from '../part.ts'
import { accountFor, type RoundLine } from './account.ts'
import { sufferFaults } from './faults.ts'
import { judgeMemory } from './judge-memory.ts'
import { createSoakMiner, type SoakMiner } from './miners.ts'
import { barsOf, type SoakFacts } from './report.ts'
import { soakScenario } from './scenario.ts'
import { startTcpProxy } from './tcp-proxy.ts'
import { readLooks, watchDescriptors } from './watch-processes.ts'

const MINERS = 16
const MINUTES = 30
const QUICK = { miners: 4, minutes: 1 }
/** Share of the miners that are never killed. */
const LASTING = 1 / 2
/** Blocks that a healed subnet gets until every miner must have been heard again. */
const RECOVERY_BLOCKS = 80
const START_MS = 300_000
/** Bars whose floor is what is asked for at least; the others’ is what is allowed at most. */
const AT_LEAST = ['soak.back', 'soak.weights']

/**
 * A devnet, a validator and miners, each a program of its own, for half an hour under faults: programs are killed and started again, frozen,
 * cut off or slowed down, and the chain goes away. Memory must be flat, every round settled or named, and everybody back at the end.
 */
export const measureSoak: EndurePart = async ({ quick, seed, report }) => {
  const size = quick ? QUICK : { miners: MINERS, minutes: MINUTES }
  const folder = mkdtempSync(join(tmpdir(), 'starling-soak-'))
  try {
    const facts = await soak(folder, size, seed, report)
    const bars = barsOf(facts, quick)
    // Logs say more than bars where one is missed.
    const isMet = bars.every(({ name, value, floor = value }) =>
      AT_LEAST.includes(name) ? value >= floor : value <= floor,
    )
    if (isMet) rmSync(folder, { recursive: true, force: true })
    else process.stderr.write(`logs are in ${folder}\n`)
    return { facts, bars }
  } catch (error) {
    process.stderr.write(`logs are in ${folder}\n`)
    throw error
  }
}

type Size = typeof QUICK
type Say = (what: string, done: number, total: number) => void

async function soak(folder: string, size: Size, seed: number, report: Say): Promise<SoakFacts> {
  const scenario = soakScenario(size.miners)
  const probeFolder = join(folder, 'probes')
  for (const one of [logFolder({ folder }), probeFolder]) mkdirSync(one, { recursive: true })
  const probe = pathToFileURL(join(import.meta.dirname, 'probe.mjs')).href
  const env = { SOAK_PROBE: probeFolder, NODE_OPTIONS: `--import=${probe}` }
  const closers: (() => unknown)[] = []
  try {
    const devnet = await startDevnetProcess(folder, scenario.blockMs, env)
    closers.push(() => devnet.child.stop(5_000))
    const chain = await connectChain({ endpoint: devnet.url, log: silentLog() })
    closers.push(() => chain.close())
    const { netuid } = await createSubnet(chain, scenario, walletFolder({ folder }), seed, () => {})
    const node = new URL(devnet.url)
    const endpoint = await startTcpProxy('127.0.0.1', () => ({ ip: node.hostname, port: Number(node.port) }))
    closers.push(() => endpoint.close())
    const stage: Stage = { folder, chainUrl: `ws://127.0.0.1:${endpoint.port}`, netuid, scenario }

    const miners: SoakMiner[] = []
    for (const [at, role] of scenario.miners.entries()) {
      const miner = await createSoakMiner(stage, role, at, env)
      miners.push(miner)
      closers.push(
        () => miner.proxy.close(),
        () => miner.stop(),
      )
      miner.start()
    }
    await untilServing(chain, netuid, size.miners, (serving) => report('miners serve', serving, size.miners))
    const validator = startValidatorProcess(stage, scenario.validators[0]!, env)
    closers.push(() => validator.stop(15_000))
    const programs = () => [devnet.child, validator, ...miners.flatMap((miner) => miner.child() ?? [])]
    const watch = watchDescriptors(() =>
      withEngines(programs().map(({ name, process }) => [process.pid, name])),
    )
    closers.push(() => void watch.stop())
    const journal = () => readJournal(stateFolder(stage, 'validator'))
    const isSettled = () => journal().rounds.length > 0
    await Promise.race([waitFor(chain, START_MS, isSettled, 'no round was settled'), validator.crashed])

    const began = Date.now()
    const first = journal().rounds[0]!.round
    const lasting = Math.ceil(size.miners * LASTING)
    const targets = {
      lasting: miners.slice(0, lasting),
      mortal: miners.slice(lasting),
      chain: endpoint,
    }
    const over = AbortSignal.timeout(size.minutes * 60_000)
    const progress = setInterval(() => {
      report('seconds of faults', Math.round((Date.now() - began) / 1_000), size.minutes * 60)
    }, 10_000)
    const pause = (ms: number, signal?: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {})
    const faults = await sufferFaults(targets, seededRandom(seed), over, pause)
    clearInterval(progress)

    const healed = await chain.head()
    const back = () => heardAfter(journal().rounds, healed.number)
    await waitFor(chain, RECOVERY_BLOCKS * scenario.blockMs, () => back().size === size.miners, '').catch(
      () => {},
    )
    const { rounds, weights } = journal()
    const last = rounds.at(-1)!.round
    const log = readLog(join(logFolder(stage), 'validator.log'))
    const looks = await readLooks(probeFolder, watch.stop())
    return {
      ...{ miners: size.miners, minutes: size.minutes, faults },
      account: accountFor(
        first,
        last,
        rounds.map(({ round }) => round),
        log,
      ),
      weightsSet: weights.length,
      back: back().size,
      ends: [
        ...miners.flatMap(({ name, ends }) => ends.map((why) => `${name}: ${why}`)),
        ...(validator.process.exitCode === null && validator.process.signalCode === null
          ? []
          : ['validator']),
      ],
      processes: judgeMemory(looks, began),
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

/** Miners that were heard in rounds that opened after a block. */
function heardAfter(rounds: ReturnType<typeof readJournal>['rounds'], block: number): ReadonlySet<string> {
  const later = rounds.filter((round) => round.block > block)
  return new Set(
    later.flatMap(({ rows }) => rows.flatMap(({ hotkey, accepted }) => (accepted > 0 ? [hotkey] : []))),
  )
}

/** Programs with the engines that they started. */
function withEngines(programs: readonly (readonly [number | undefined, string])[]): Map<number, string> {
  const all = new Map<number, string>()
  for (const [pid, name] of programs) {
    if (pid === undefined) continue
    all.set(pid, name)
    for (const child of childrenOf(pid)) all.set(child, `${name} engine`)
  }
  return all
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    // The loader's compiler is a process, too, and no Node.
    return text
      .split(' ')
      .filter(Boolean)
      .map(Number)
      .filter((child) => readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('node'))
  } catch {
    return []
  }
}

async function untilServing(
  chain: ChainClient,
  netuid: number,
  miners: number,
  say: (serving: number) => void,
): Promise<void> {
  let serving = 0
  const look = async () => {
    const { neurons } = await chain.metagraph(netuid)
    serving = neurons.filter(({ axon }) => axon !== undefined).length
    say(serving)
    return serving >= miners
  }
  await waitFor(chain, START_MS, look, `not all ${miners} miners serve`)
}

/** Asks at every block. @throws StarlingError BENCH_SOAK when time is up */
async function waitFor(
  chain: ChainClient,
  ms: number,
  isThere: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const late = Date.now() + ms
  while (!(await isThere())) {
    if (Date.now() > late) throw new StarlingError('BENCH_SOAK', `${what} within ${ms / 1_000} s`)
    await new Promise<void>((resolve) => {
      const stop = chain.onBlock(() => {
        stop()
        resolve()
      })
    })
  }
}

function readLog(file: string): RoundLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith('{')) return []
      const { round, msg } = JSON.parse(line) as { round?: number; msg?: string }
      return typeof msg === 'string' ? [{ msg, ...(typeof round === 'number' && { round }) }] : []
    })
}
