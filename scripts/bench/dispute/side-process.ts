import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { createDesk } from '../../../shared/dispute/desk.ts'
import { heldModels } from '../../../shared/dispute/held-models.ts'
import type { Side } from '../../../shared/dispute/referee.ts'
import { lazyEvaluator } from '../../../shared/inference/reference/lazy-evaluator.ts'
import type { HeldModel } from '../../../shared/inference/reference/reference-model.ts'
import { readRegistry } from '../../../shared/inference/registry/read-registry.ts'
import { systemClock } from '../../../shared/process/clock.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { silentLog } from '../../../shared/process/logging.ts'
import { fromHex } from '../../../shared/proof/hash.ts'
import { startAxon } from '../../../shared/protocol/axon-server.ts'

/** What one process of a measured dispute is told, as JSON in its first argument. */
export interface SideOrder {
  readonly side: Side
  /** Of its hotkey, such as //Alice. */
  readonly uri: string
  readonly modelFolder: string
  readonly hash: string
  readonly registry: string
  /** A liar runs with this weight moved. */
  readonly lie?: { readonly parameter: string; readonly index: number; readonly offset: number }
}

/** A side of a dispute in a process of its own: prints its port, and what it took when it is told to stop. */
const order = JSON.parse(process.argv[2]!) as SideOrder
const signer = signerFromUri(order.uri)
const { registry } = await readRegistry(order.registry)
const held = heldModels(new Map([[order.hash, order.modelFolder]]), registry)
const { evaluate, close } = lazyEvaluator()
const desk = createDesk({
  side: order.side,
  signer,
  model: async (hash) => lyingAbout(await held(hash), order.lie),
  evaluate,
  clock: systemClock,
  log: silentLog(),
})
const axon = await startAxon({
  ...{ ip: '127.0.0.1', port: 0, signer },
  models: [{ name: 'measured', hash: fromHex(order.hash), executionClass: 'cpu-fp32' }],
  authorize: () => undefined,
  async handle(request) {
    if (request.type === 'dispute-open') return desk.open(request)
    if (request.type === 'dispute-move') return desk.move(request)
    throw new StarlingError('BAD_REQUEST', 'this side answers referees alone')
  },
})
process.once('SIGTERM', async () => {
  await axon.close()
  await close()
  const { user, system } = process.cpuUsage()
  const { maxRSS } = process.resourceUsage()
  process.stdout.write(`${JSON.stringify({ cpuSeconds: (user + system) / 1e6, megabytes: maxRSS / 1024 })}\n`)
})
process.stdout.write(`${JSON.stringify({ port: axon.port })}\n`)

function lyingAbout(model: HeldModel, lie: SideOrder['lie']): HeldModel {
  if (lie === undefined) return model
  const weights = new Map(model.weights)
  const values = Float32Array.from(weights.get(lie.parameter)!)
  values[lie.index]! += lie.offset
  return { ...model, weights: weights.set(lie.parameter, values) }
}
