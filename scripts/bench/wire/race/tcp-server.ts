import { type AddressInfo, createServer } from 'node:net'
import { serveAt } from './side.ts'

const server = createServer({ noDelay: true }, (socket) => socket.pipe(socket))
server.listen(0, '127.0.0.1', () => serveAt((server.address() as AddressInfo).port))
