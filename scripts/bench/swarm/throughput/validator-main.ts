/** The process under measurement: one validator's rounds with all miners, by the product's own code, with a canned engine. */
import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metagraph, Neuron } from '../../../../shared/chain/chain-client.ts'
import { publicKeyOf } from '../../../../shared/chain/wallet/signer.ts'
import type { StartEngine } from '../../../../shared/inference/engine.ts'
import { readModelInfo } from '../../../../shared/inference/model/folder.ts'
import { systemClock } from '../../../../shared/process/clock.ts'
import { silentLog } from '../../../../shared/process/logging.ts'
import { connectAxon } from '../../../../shared/protocol/axon-client.ts'
import { startRegistry } from '../../../../validator/registry.ts'
import { runRound } from '../../../../validator/round/run-round.ts'
import type { Participant } from '../../../../validator/round/types.ts'
import { defaultScoringConfig } from '../../../../validator/scoring/config.ts'
import { openScoreStore } from '../../../../validator/store/score-store.ts'
import { publishInto } from '../../../../validator/transcript/publish.ts'
import { cannedEngine } from './canned-engine.ts'
import { profiled } from './cpu-profile.ts'
import { ROUND_CONFIG, SESSION_PINGS, validatorKey } from './keys.ts'
import { memoryChain } from './memory-chain.ts'
import type { RoundMeasured, ThroughputMessage, ValidatorTask } from './messages.ts'

const NETUID = 1
const KEPT_ROUNDS = 2

const { seed, modelsFolder, modelFolder, folder, miners, rounds }: ValidatorTask = JSON.parse(
  process.argv[2] ?? '',
)
const signer = validatorKey(seed)
const start: StartEngine = (options) => cannedEngine(options.modelFolder)
const models = await startRegistry({ models: modelsFolder }, start, { threads: 1 }, silentLog())
const { engines, calibrations, hasher } = models
const { hash } = await readModelInfo(modelFolder)
const { model } = engines.find((engine) => engine.model.hash === hash)!
const store = openScoreStore(join(folder, 'state'), defaultScoringConfig)
const publish = publishInto(join(folder, 'rounds'), KEPT_ROUNDS)
const { chain, newestBlock, makeUpTo } = memoryChain()
const { signal } = new AbortController()
// Every miner that is asked at once listens to it.
setMaxListeners(0, signal)
const tell = (message: ThroughputMessage) => process.send?.(message)
process.on('disconnect', () => process.exit())

const begun = process.cpuUsage()
const participants = await Promise.all(
  miners.map(async ({ hotkey, port }, index): Promise<Participant> => {
    const session = await connectAxon({
      ip: '127.0.0.1',
      port,
      signer,
      hotkey,
      limits: SESSION_PINGS,
    })
    const publicKey = publicKeyOf(hotkey)!
    return { uid: index + 1, hotkey, publicKey, coldkey: `cold-${index}`, model, session }
  }),
)
tell({ type: 'connected', sessions: participants.length, cpuSeconds: secondsSince(begun) })

for (let round = 1; round <= rounds; round++) tell(await measuredRound(round))
const seconds = await profiled(async () => {
  await play(rounds + 1)
})
tell({ type: 'profiled', seconds })
store.close()
process.disconnect()

async function measuredRound(round: number): Promise<RoundMeasured> {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  const turns = monitorEventLoopDelay({ resolution: 10 })
  turns.enable()
  const { entry, fileBytes } = await play(round)
  const [cpuSeconds, wallSeconds] = [secondsSince(cpu), (performance.now() - wall) / 1000]
  turns.disable()
  const { answers, judges } = entry.outcome
  return {
    type: 'round',
    challenges: entry.challenges,
    answers: answers.length,
    accepted: answers.filter(({ result }) => result === 'accept').length,
    asked: judges.reduce((sum, { asked }) => sum + asked, 0),
    completed: judges.reduce((sum, { completed }) => sum + completed, 0),
    ...{ cpuSeconds, wallSeconds, fileBytes, longestTurnMs: turns.max / 1e6 },
  }
}

async function play(round: number) {
  let fileBytes = 0
  const entry = await runRound(
    round,
    makeUpTo(round * ROUND_CONFIG.roundBlocks),
    { metagraph: metagraphAt(newestBlock().number), rules: { minAllowedWeights: 1, maxWeightLimit: 65_535 } },
    participants,
    {
      ...{ chain, newestBlock, chainMarker: `0x${'0c'.repeat(32)}`, signer, engines, store },
      ...{ calibrations, hasher },
      publish(number, text) {
        fileBytes = Buffer.byteLength(text)
        publish(number, text)
      },
      ...{ config: ROUND_CONFIG, scoring: defaultScoringConfig, clock: systemClock, log: silentLog() },
    },
    signal,
  )
  return { entry, fileBytes }
}

function metagraphAt(block: number): Metagraph {
  const own = neuron(0, signer.address, 'cold')
  const neurons = [own, ...participants.map(({ uid, hotkey, coldkey }) => neuron(uid, hotkey, coldkey))]
  return { netuid: NETUID, block, tempo: 360, lastEpochBlock: 0, epochIndex: 0, neurons }
}

function neuron(uid: number, hotkey: string, coldkey: string): Neuron {
  const isOwn = uid === 0
  return {
    ...{ uid, hotkey, coldkey, active: true, validatorPermit: isOwn, stake: isOwn ? 1_000n : 0n },
    ...{ axon: undefined, lastUpdate: 0, registeredAt: 1, incentive: 0, dividends: 0 },
    ...{ consensus: 0, validatorTrust: 0, emission: 0n },
  }
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
