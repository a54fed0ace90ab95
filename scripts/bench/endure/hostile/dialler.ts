import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { decodeHello } from '../../../../shared/protocol/codec.ts'
import { helloMessage } from '../../../../shared/protocol/hello.ts'
import { createKeyExchange } from '../../../../shared/protocol/key-exchange.ts'
import { framesOf, type Records } from '../../../../shared/protocol/records.ts'
import { makeUpgrade, upgradeBytes } from './upgrade.ts'
import { frameReader, OPCODE, webSocketFrame } from './websocket.ts'

/** A dialler that has proved its hotkey, and may then do as it likes. */
export interface HostilePeer {
  readonly socket: Socket
  /** One record of frames, sealed as it should be. */
  send(frames: readonly Uint8Array[]): void
  /** Bytes as they are, on the socket. */
  raw(bytes: Uint8Array): void
  readonly records: Records
  /** The code of the other side's close frame, or why there was none. */
  readonly ended: Promise<number | 'cut'>
  /** Hears every frame that comes. */
  onFrame(listener: (frame: Uint8Array) => void): void
}

export interface HostileOptions {
  readonly ip: string
  readonly port: number
  readonly path: string
  readonly signer: Signer
  readonly receiver: string
  /** Address of its own, such as 127.1.2.3. */
  readonly from?: string
  /** Answers no ping. */
  readonly isDeaf?: boolean
}

/** Dials as the protocol has it, over a bare socket. Rejects where it is refused. */
export async function dialHostile(options: HostileOptions): Promise<HostilePeer> {
  const exchange = createKeyExchange()
  const upgrade = makeUpgrade(options.path, options.signer, options.receiver, exchange.publicKey)
  const socket = await openSocket(options)
  socket.write(upgradeBytes(upgrade))
  const read = frameReader()
  const listeners: ((frame: Uint8Array) => void)[] = []
  let records: Records | undefined
  let code: number | 'cut' = 'cut'
  const ended = closed(socket).then(() => code)

  const answer = (opcode: number, payload: Buffer): void => {
    if (opcode === OPCODE.ping && options.isDeaf !== true)
      socket.write(webSocketFrame(payload, { opcode: OPCODE.pong }))
    if (opcode === OPCODE.close) {
      code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
      socket.end(webSocketFrame(payload, { opcode: OPCODE.close }))
    }
    if (opcode !== OPCODE.binary) return
    if (records === undefined) {
      const { body } = decodeHello(payload)
      const transcript = { upgrade: upgrade.signed, hello: helloMessage(upgrade.signed, body) }
      records = exchange.records(body.key, transcript, 'dialler')
    } else
      for (const frame of framesOf(records.open(payload))) for (const listener of listeners) listener(frame)
  }

  await new Promise<void>((resolve, reject) => {
    let head: Buffer = Buffer.alloc(0)
    let isOpen = false
    socket.on('close', () => reject(new Error(`refused: ${head.toString('latin1').split('\r\n')[0]}`)))
    socket.on('data', (bytes) => {
      let rest: Buffer = bytes
      if (!isOpen) {
        head = Buffer.concat([head, bytes])
        const end = head.indexOf('\r\n\r\n')
        if (end === -1 || !head.toString('latin1').startsWith('HTTP/1.1 101')) return
        isOpen = true
        rest = head.subarray(end + 4)
      }
      for (const { opcode, payload } of read(rest)) answer(opcode, payload)
      if (records !== undefined) resolve()
    })
  })
  return {
    ...{ socket, records: records!, ended },
    send: (frames) => void socket.write(webSocketFrame(records!.seal(frames))),
    raw: (bytes) => void socket.write(bytes),
    onFrame: (listener) => void listeners.push(listener),
  }
}

/** Resolves when a socket is closed, for whatever reason. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** A connected socket, whose errors are no news: whoever attacks expects to be cut off. */
export async function openSocket({
  ip,
  port,
  from,
}: Pick<HostileOptions, 'ip' | 'port' | 'from'>): Promise<Socket> {
  const socket = connect({ host: ip, port, noDelay: true, ...(from !== undefined && { localAddress: from }) })
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  return socket
}
