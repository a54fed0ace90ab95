import { connectAxon } from '../../../../shared/protocol/axon-client.ts'
import { REPLY_TYPE } from '../../../../shared/protocol/messages.ts'
import { clientKey, serverKey } from './keys.ts'
import { challengeOf } from './payload.ts'
import { readTask, serveRuns } from './side.ts'

/** Milliseconds; every request has a deadline, as in a round. */
const TIMEOUT_MS = 30_000

const { seed, frameBytes, port, inFlight } = readTask()
Object.assign(REPLY_TYPE, { challenge: 'reveal' })
const challenge = challengeOf(frameBytes)
const session = await connectAxon({
  ip: '127.0.0.1',
  port,
  signer: clientKey(seed),
  hotkey: serverKey(seed).address,
})
await serveRuns(inFlight, () => session.request(challenge, { timeoutMs: TIMEOUT_MS }))
