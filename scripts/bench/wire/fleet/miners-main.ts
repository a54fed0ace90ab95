/** A process that plays many miners, each with an axon of its own. */
import { startAxon } from '../../../../shared/protocol/axon-server.ts'
import { readTask, say } from '../race/side.ts'
import type { MinerAddress, MinersTask } from './messages.ts'
import { fleetMinerKey, replyTo } from './typical.ts'

const { seed, from, count } = readTask<MinersTask>()
const miners = await Promise.all(Array.from({ length: count }, (_, at) => startMiner(from + at)))
say({ miners })
process.stdin.on('end', () => process.exit()).resume()

async function startMiner(index: number): Promise<MinerAddress> {
  const signer = fleetMinerKey(seed, index)
  const { port } = await startAxon({
    ip: '127.0.0.1',
    port: 0,
    signer,
    models: [{ name: 'small', hash: new Uint8Array(32).fill(2), executionClass: 'cpu-fp32/ort-1.30.0' }],
    authorize: () => undefined,
    // An axon has a bound to what one hotkey may ask; here it is the wire that bounds it.
    limits: { requestsPerMinute: 1e9 },
    handle: async (request) => replyTo(request, signer),
  })
  return { hotkey: signer.address, port }
}
