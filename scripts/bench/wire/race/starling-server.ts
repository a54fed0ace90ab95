import { startAxon } from '../../../../shared/protocol/axon-server.ts'
import { REPLY_TYPE } from '../../../../shared/protocol/messages.ts'
import { serverKey } from './keys.ts'
import { revealOf } from './payload.ts'
import { readTask, serveAt } from './side.ts'

const { seed, frameBytes }: { seed: number; frameBytes: number } = readTask()
// No exchange of the protocol is this long both ways.
Object.assign(REPLY_TYPE, { challenge: 'reveal' })
const reveal = revealOf(frameBytes)

const { port } = await startAxon({
  ip: '127.0.0.1',
  port: 0,
  signer: serverKey(seed),
  models: [{ name: 'small', hash: reveal.model, executionClass: reveal.executionClass }],
  authorize: () => undefined,
  // An axon has a bound to what one hotkey may ask; here it is the wire that bounds it.
  limits: { requestsPerMinute: 1e9 },
  handle: async (request) => {
    if (!('id' in request)) throw new Error(`${request.type} was not asked for`)
    return { ...reveal, id: request.id }
  },
})
serveAt(port)
