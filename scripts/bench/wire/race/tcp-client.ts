import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { readTask, serveRuns } from './side.ts'

const { frameBytes, port, inFlight } = readTask()
const payload = randomBytes(frameBytes)
const socket = connect({ host: '127.0.0.1', port, noDelay: true })
await once(socket, 'connect')

const waiting: (() => void)[] = []
let received = 0
socket.on('data', (data) => {
  received += data.length
  while (received >= frameBytes) {
    received -= frameBytes
    waiting.shift()!()
  }
})
await serveRuns(
  inFlight,
  () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      socket.write(payload)
    }),
)
