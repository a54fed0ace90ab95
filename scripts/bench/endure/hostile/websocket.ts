import { createHash } from 'node:crypto'

/** RFC 6455, as far as an attacker needs it: nothing here keeps its rules. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface FrameOptions {
  readonly opcode?: number
  /** More fragments follow. */
  readonly isOpen?: boolean
  /** Clients must mask; a mask of zeros leaves the bytes as they are. */
  readonly isMasked?: boolean
  /** What the head says, where that is not the length. */
  readonly claims?: number
}

export function webSocketFrame(payload: Uint8Array, options: FrameOptions = {}): Buffer {
  const { opcode = OPCODE.binary, isOpen = false, isMasked = true, claims = payload.length } = options
  const mask = isMasked ? 0x80 : 0
  const head = Buffer.alloc(claims < 126 ? 2 : claims < 2 ** 16 ? 4 : 10)
  head[0] = (isOpen ? 0 : 0x80) | opcode
  head[1] = mask | (claims < 126 ? claims : claims < 2 ** 16 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(claims, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(claims), 2)
  return Buffer.concat(isMasked ? [head, Buffer.alloc(4), payload] : [head, payload])
}

export interface ReadFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** Takes bytes as they come, and gives whole frames; fragments are left apart. */
export function frameReader(): (bytes: Buffer) => ReadFrame[] {
  let held: Buffer = Buffer.alloc(0)
  return (bytes) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    const frames: ReadFrame[] = []
    for (;;) {
      const frame = readFrame(held)
      if (frame === undefined) return frames
      frames.push(frame)
      held = held.subarray(frame.end)
    }
  }
}

function readFrame(bytes: Buffer): (ReadFrame & { end: number }) | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const width = short === 126 ? 2 : short === 127 ? 8 : 0
  const masked = (bytes[1]! & 0x80) !== 0
  const start = 2 + width + (masked ? 4 : 0)
  if (bytes.length < start) return undefined
  const length = width === 0 ? short : width === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < start + length) return undefined
  const payload = Buffer.from(bytes.subarray(start, start + length))
  if (masked) for (let at = 0; at < length; at++) payload[at]! ^= bytes[start - 4 + (at % 4)]!
  return { opcode: bytes[0]! & 0x0f, payload, end: start + length }
}

/** The server's answer to a client's key. */
export function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}
