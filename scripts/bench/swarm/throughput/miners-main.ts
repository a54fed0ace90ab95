/** A process that plays many miners: the product's own code from socket to commit, with canned answers. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createHandler } from '../../../../miner/handler.ts'
import { judgeFor } from '../../../../miner/judging.ts'
import { createPending } from '../../../../miner/pending.ts'
import { systemClock } from '../../../../shared/process/clock.ts'
import { silentLog } from '../../../../shared/process/logging.ts'
import { fromHex } from '../../../../shared/proof/hash.ts'
import { startAxon } from '../../../../shared/protocol/axon-server.ts'
import { cannedAnswerer, knownResults } from './canned-answers.ts'
import { cannedEngine } from './canned-engine.ts'
import { minerKey, ROUND_CONFIG, SESSION_PINGS, validatorKey } from './keys.ts'
import type { MinerAddress, MinersReady, MinersTask } from './messages.ts'

const PENDING_MS = 600_000

const { seed, from, count, modelFolder, folder }: MinersTask = JSON.parse(process.argv[2] ?? '')
const engine = await cannedEngine(modelFolder)
const { model } = engine
const results = knownResults(validatorKey(seed), ROUND_CONFIG)
const [clock, log] = [systemClock, silentLog()]

const miners = await Promise.all(Array.from({ length: count }, (_, at) => startMiner(from + at)))
process.send?.({ type: 'ready', miners } satisfies MinersReady)
process.on('disconnect', () => process.exit())

async function startMiner(index: number): Promise<MinerAddress> {
  const signer = minerKey(seed, index)
  const { address: hotkey } = signer
  const pending = () => createPending<never>(1024, PENDING_MS, clock)
  const { port } = await startAxon({
    ...{ ip: '127.0.0.1', port: 0, signer, clock, log, limits: SESSION_PINGS },
    models: [{ name: model.name, hash: fromHex(model.hash), executionClass: model.executionClass }],
    authorize: () => undefined,
    handle: createHandler({
      generation: {
        answerer: cannedAnswerer(engine, hotkey, results),
        ...{ model, signer, pending: pending(), randomBytes },
      },
      judging: {
        ...{ judge: judgeFor(engine, signer.publicKey), model },
        ...{ signer, pending: pending(), randomBytes },
      },
      receipts: { hotkey, folder: join(folder, hotkey), anchorOf: async () => undefined, log },
      log,
    }),
  })
  return { hotkey, port }
}
