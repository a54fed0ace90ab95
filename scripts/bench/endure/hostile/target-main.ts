/** The process under attack: an axon and a gate of the product, on loopback, whose handler answers at once. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { connectAxon } from '../../../../shared/protocol/axon-client.ts'
import { startAxon } from '../../../../shared/protocol/axon-server.ts'
import { startGate } from '../../../../shared/protocol/gate.ts'
import type { Session } from '../../../../shared/protocol/session.ts'
import { answerTo, HASH } from './answers.ts'
import type { TargetMessage, TargetOrder, TargetTask } from './target-messages.ts'

const REQUEST_MS = 5_000
const { limits = {}, allowed }: TargetTask = JSON.parse(process.argv[2] ?? '')
const tell = (message: TargetMessage) => void process.send?.(message)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

const signer = signerFromUri('//endure//target')
const isAllowed = new Set(allowed)
const authorize = (hotkey: string) =>
  isAllowed.has(hotkey) ? undefined : new StarlingError('NO_PERMIT', `${hotkey} has no permit`)
let handled = 0
const axon = await startAxon({
  ...{ ip: '127.0.0.1', port: 0, signer, authorize, limits },
  models: [{ name: 'small', hash: HASH, executionClass: 'cpu-fp32' }],
  async handle(request) {
    handled++
    return answerTo(request)
  },
})
const sessions = new Set<Session>()
const gate = await startGate({
  ...{ ip: '127.0.0.1', port: 0, signer, authorize, limits },
  onSession(session) {
    sessions.add(session)
    void session.closed.then(() => sessions.delete(session))
    // A gate that asks nothing would take no reply: it asks once, and looks at what comes.
    session
      .request({ type: 'verdict-request', id: HASH }, { timeoutMs: REQUEST_MS })
      .catch(() => {})
      .finally(() => session.close())
  },
})

process.on('message', async (order: TargetOrder) => {
  if (order.type === 'look') {
    if (order.collect) collect()
    const { rss, heapUsed: heap } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const resources = process.getActiveResourcesInfo()
    const count = (pattern: RegExp) => resources.filter((name) => pattern.test(name)).length
    tell({
      ...{ type: 'looked', rss, heap, cpuMs: (user + system) / 1_000, blockedMs: delay.max / 1e6, handled },
      connections: axon.connections() + gate.connections(),
      ...{ sockets: count(/TCPSocketWrap/), timers: count(/Timeout/) },
    })
    delay.reset()
  } else tell({ type: 'dialled', codes: await dialAgain(order.port, order.hotkey, order.times) })
})
process.on('disconnect', () => process.exit())
tell({ type: 'ready', hotkey: signer.address, axon: axon.port, gate: gate.port })

async function dialAgain(port: number, hotkey: string, times: number): Promise<Record<string, number>> {
  const codes: Record<string, number> = {}
  for (let time = 0; time < times; time++) {
    const code = await dialOnce(port, hotkey)
    codes[code] = (codes[code] ?? 0) + 1
  }
  return codes
}

async function dialOnce(port: number, hotkey: string): Promise<string> {
  try {
    const session = await connectAxon({ ip: '127.0.0.1', port, signer, hotkey })
    try {
      await session.request({ type: 'verdict-request', id: HASH }, { timeoutMs: REQUEST_MS })
      return 'answered'
    } finally {
      session.close()
    }
  } catch (error) {
    return error instanceof StarlingError ? error.code : `not coded: ${error}`
  }
}
