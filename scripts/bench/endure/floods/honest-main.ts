/** An honest validator beside the attackers: keeps one session, asks ten times a second, and dials anew every second. */
import { signerFromUri } from '../../../../shared/chain/wallet/dev-keys.ts'
import { describeError } from '../../../../shared/process/errors.ts'
import { connectAxon } from '../../../../shared/protocol/axon-client.ts'
import { HASH } from '../hostile/answers.ts'
import type { HonestReport, HonestTask } from './honest.ts'

const ASK_MS = 100
const DIAL_MS = 1_000
const REQUEST_MS = 5_000

const { port, hotkey, uri }: HonestTask = JSON.parse(process.argv[2] ?? '')
const signer = signerFromUri(uri)
const connect = () => connectAxon({ ip: '127.0.0.1', port, signer, hotkey })
const session = await connect()
let seen = fresh()

setInterval(async () => {
  const began = performance.now()
  try {
    await session.request({ type: 'verdict-request', id: HASH }, { timeoutMs: REQUEST_MS })
    seen.latencies.push(performance.now() - began)
  } catch (error) {
    seen.unanswered.push(describeError(error))
  }
}, ASK_MS)
setInterval(async () => {
  try {
    const newcomer = await connect()
    newcomer.close()
    seen.letIn++
  } catch (error) {
    seen.turnedAway.push(describeError(error))
  }
}, DIAL_MS)

process.on('message', () => {
  process.send?.({ type: 'report', ...seen } satisfies HonestReport)
  seen = fresh()
})
process.on('disconnect', () => process.exit())
process.send?.({ type: 'report', ...seen } satisfies HonestReport)

function fresh() {
  return { latencies: [] as number[], unanswered: [] as string[], letIn: 0, turnedAway: [] as string[] }
}
