import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { readTask, serveRuns } from './side.ts'

const { frameBytes, port, inFlight } = readTask()
const payload = randomBytes(frameBytes)
const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
await once(socket, 'open')

// Echoes come in the order in which they were sent.
const waiting: (() => void)[] = []
let next = 0
socket.on('message', () => {
  waiting[next++]!()
  if (next < waiting.length || next < 4096) return
  waiting.length = 0
  next = 0
})
await serveRuns(
  inFlight,
  () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      socket.send(payload)
    }),
)
