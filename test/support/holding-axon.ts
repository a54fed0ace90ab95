/** A process with an axon whose handler keeps every request for ever, and says how much memory that takes. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { signerFromUri } from '../../shared/chain/wallet/dev-keys.ts'
import { startAxon } from '../../shared/protocol/axon-server.ts'
import type { Request } from '../../shared/protocol/messages.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const kept: Request[] = []

const axon = await startAxon({
  ...{ ip: '127.0.0.1', port: 0, signer: signerFromUri('//Bob'), authorize: () => undefined },
  models: [{ name: 'small', hash: new Uint8Array(32).fill(2), executionClass: 'cpu-fp32' }],
  handle(request) {
    kept.push(request)
    return new Promise(() => {})
  },
})
process.on('message', () => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ bytes: heapUsed + external, kept: kept.length })
})
process.on('disconnect', () => process.exit())
process.send?.({ port: axon.port })
