import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { AXON_PATH } from '../../../../shared/protocol/axon.ts'
import { readClaim, signedBytes } from '../../../../shared/protocol/btauth.ts'
import { encodeFrame } from '../../../../shared/protocol/codec.ts'
import { helloMessage, makeHello } from '../../../../shared/protocol/hello.ts'
import { createKeyExchange } from '../../../../shared/protocol/key-exchange.ts'
import type { Records } from '../../../../shared/protocol/records.ts'
import { keyOfTarget } from '../../../../shared/protocol/upgrade-target.ts'
import { acceptKey, frameReader, OPCODE, webSocketFrame } from './websocket.ts'

/** A secured connection whose listener does as it likes. */
export interface HostileAnswerer {
  send(frames: readonly Uint8Array[]): void
}

/**
 * A server that proves its hotkey and then hands over.
 * @param act called once the connection stands, with `asked` false, and again at every record that comes
 */
export async function serveHostile(
  signer: Signer,
  act: (peer: HostileAnswerer, asked: boolean) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    let head: Buffer = Buffer.alloc(0)
    let records: Records | undefined
    const read = frameReader()
    const peer: HostileAnswerer = {
      send: (frames) => void socket.write(webSocketFrame(records!.seal(frames), { isMasked: false })),
    }
    socket.on('data', (bytes) => {
      let rest: Buffer = bytes
      if (records === undefined) {
        head = Buffer.concat([head, bytes])
        const end = head.indexOf('\r\n\r\n')
        if (end === -1) return
        records = greet(socket, signer, head.subarray(0, end).toString('latin1'))
        rest = head.subarray(end + 4)
        act(peer, false)
      }
      for (const { opcode, payload } of read(rest)) {
        if (opcode === OPCODE.ping)
          socket.write(webSocketFrame(payload, { opcode: OPCODE.pong, isMasked: false }))
        if (opcode === OPCODE.binary) act(peer, true)
        if (opcode === OPCODE.close) socket.end(webSocketFrame(payload, { opcode, isMasked: false }))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function greet(socket: Socket, signer: Signer, request: string): Records {
  const [first = '', ...lines] = request.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const target = first.split(' ')[1] ?? ''
  const { sender, receiver, nonce } = readClaim(headers)
  const common = { scheme: 'sr25519', method: 'GET', body: new Uint8Array(0) }
  const upgrade = signedBytes({ ...common, target, nonce, sender, receiver })
  const exchange = createKeyExchange()
  const hello = makeHello(signer, exchange.publicKey, upgrade)
  const accept = acceptKey(headers['sec-websocket-key'] ?? '')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.write(webSocketFrame(encodeFrame(0, hello), { isMasked: false }))
  const transcript = { upgrade, hello: helloMessage(upgrade, hello) }
  return exchange.records(keyOfTarget(AXON_PATH, target)!, transcript, 'listener')
}
