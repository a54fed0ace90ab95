import { encodeFrame } from '../../../../shared/protocol/codec.ts'
import { MESSAGE_LIMITS } from '../../../../shared/protocol/limits.ts'
import type { HostilePeer } from '../hostile/dialler.ts'
import { OPCODE, webSocketFrame } from '../hostile/websocket.ts'
import { startTcpProxy } from '../soak/tcp-proxy.ts'
import type { Attack, Stage } from './stage.ts'

const ID = new Uint8Array(32).fill(3)
const PEERS = 16

/** Each peer does something until it is cut off, and then dials again. */
function insiders(
  act: (peer: HostilePeer, stage: Stage) => Promise<void>,
  options: { readonly isDeaf?: boolean } = {},
): Attack {
  return async (stage) => {
    let [sessions, refused] = [0, 0]
    const codes = new Map<string, number>()
    const lane = async (_: unknown, index: number): Promise<void> => {
      while (!stage.over.aborted) {
        const peer = await stage.peer(index, options).catch(() => undefined)
        if (peer === undefined) {
          refused++
          await stage.pause(200)
          continue
        }
        sessions++
        let isGone = false
        const gone = peer.ended.then((code) => {
          isGone = true
          codes.set(`ended ${code}`, (codes.get(`ended ${code}`) ?? 0) + 1)
        })
        while (!stage.over.aborted && !isGone) {
          await act(peer, stage)
          // Lets what comes in be read, and a full socket drain.
          if (peer.socket.writableNeedDrain) await Promise.race([drained(peer), gone, stage.pause(1_000)])
          else await new Promise((resolve) => setImmediate(resolve))
        }
        peer.socket.destroy()
      }
    }
    await Promise.all(Array.from({ length: PEERS }, lane))
    return { sessions, refused, ...Object.fromEntries(codes) }
  }
}

function drained({ socket }: HostilePeer): Promise<void> {
  return new Promise((resolve) => socket.once('drain', () => resolve()))
}

const raw = (bytes: Uint8Array) => async (peer: HostilePeer) => peer.raw(bytes)
const PING = webSocketFrame(new Uint8Array(100), { opcode: OPCODE.ping })
const PONG = webSocketFrame(new Uint8Array(100), { opcode: OPCODE.pong })
const FRAGMENT = webSocketFrame(Uint8Array.of(1), { isOpen: true })
const NESTED = new Uint8Array(MESSAGE_LIMITS.frameBytes).fill(0x91)

/** Numbers requests as the protocol has it. */
function counted(peer: HostilePeer): () => number {
  const known = NUMBERS.get(peer) ?? { seq: 0 }
  NUMBERS.set(peer, known)
  return () => ++known.seq
}
const NUMBERS = new WeakMap<HostilePeer, { seq: number }>()

const smallRequest = (seq: number) => encodeFrame(seq, { type: 'verdict-request', id: ID })
const largeReply = (seq: number) => encodeFrame(seq, { type: 'reveal-request', id: ID, beacon: ID })

/** Requests without a pause, 64 in a record. */
const requests = insiders(async (peer) => {
  const next = counted(peer)
  peer.send(Array.from({ length: 64 }, () => smallRequest(next())))
})

/** As many frames as a record holds. */
const packed = insiders(async (peer) => {
  const next = counted(peer)
  const frame = smallRequest(1)
  const count = Math.floor(MESSAGE_LIMITS.frameBytes / (frame.length + 8))
  peer.send(Array.from({ length: count }, () => smallRequest(next())))
})

/** Asks for large replies, and reads none of them. */
const deafReader = insiders(async (peer, stage) => {
  peer.socket.pause()
  const next = counted(peer)
  peer.send(Array.from({ length: 32 }, () => largeReply(next())))
  await stage.pause(20)
})

/** All but the last bytes of a frame, and then nothing. */
const halfFrame = insiders(async (peer, stage) => {
  const whole = webSocketFrame(new Uint8Array(MESSAGE_LIMITS.frameBytes))
  peer.raw(whole.subarray(0, whole.length - 100))
  await Promise.race([peer.ended, stage.pause(60_000)])
})

/** Says hello and is never heard again: what passes between both sides is lost, and neither is told. */
const halfOpen: Attack = async (stage) => {
  const { axon } = stage.target
  const proxy = await startTcpProxy('127.0.0.1', () => ({ ip: '127.0.0.1', port: axon }))
  try {
    const dialled = Array.from({ length: PEERS }, (_, index) =>
      stage.peerAt(proxy.port, index).catch(() => undefined),
    )
    const connected = (await Promise.all(dialled)).filter((peer) => peer !== undefined).length
    proxy.suffer('silent')
    await stage.pause(2 ** 30)
    return { connected }
  } finally {
    await proxy.close()
  }
}

export const BY_INSIDERS: Readonly<Record<string, Attack>> = {
  pings: insiders(raw(PING)),
  pongs: insiders(raw(PONG)),
  'oversized frames': insiders(raw(webSocketFrame(new Uint8Array(1_000), { claims: 2 ** 40 }))),
  'endless fragments': insiders(raw(FRAGMENT)),
  'half a frame': halfFrame,
  'deep nesting': insiders(async (peer) => peer.send([NESTED])),
  'deaf to pings': insiders(async (_peer, stage) => stage.pause(1_000), { isDeaf: true }),
  'half open': halfOpen,
  'reads nothing': deafReader,
  'requests without a pause': requests,
  'small frames, packed': packed,
}
