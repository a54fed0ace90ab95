import type { Mutant } from './mutant.ts'

const RECORDS = 'test/unit/protocol/records.test.ts'
const PATH = 'test/contract/protocol/records.test.ts'
const CONNECTION = 'test/unit/protocol/connection.test.ts'
const NONCES = 'test/unit/protocol/nonces.test.ts'
const AUTH = 'test/unit/protocol/auth.test.ts'
const COUNTED = 'test/contract/protocol/verifications.test.ts'
const GATE = 'test/contract/protocol/gate.test.ts'
const WSS = 'test/contract/protocol/wss.test.ts'

/** The wire: who is let in, and what somebody on the path can do. */
export const WIRE_MUTANTS: readonly Mutant[] = [
  {
    name: 'records open whatever their tag',
    breaks: 'somebody on the path injects frames',
    file: 'shared/protocol/records.ts',
    find: '        decipher.final()\n',
    replace: '',
    killers: [RECORDS, PATH],
  },
  {
    name: 'records do not count',
    breaks: 'a record can be repeated, and nonces too',
    file: 'shared/protocol/records.ts',
    find: '      count++\n',
    replace: '',
    killers: [RECORDS],
  },
  {
    name: 'keys without the hello',
    breaks: 'the two sides may have signed different things',
    file: 'shared/protocol/key-exchange.ts',
    find: 'Buffer.concat([TAG, hello])',
    replace: 'Buffer.from(TAG)',
    killers: [RECORDS],
  },
  {
    name: 'a hello signs no key',
    breaks: 'somebody on the path puts a key of its own in between',
    file: 'shared/protocol/hello.ts',
    find: '    hello.key,\n',
    replace: '    new Uint8Array(32),\n',
    killers: [AUTH],
  },
  {
    name: 'upgrades without a signature check',
    breaks: 'anybody is anybody',
    file: 'shared/protocol/upgrade-guard.ts',
    find: '    check(401, () => checkSignature(claim, signed))\n',
    replace: '',
    killers: [COUNTED],
  },
  {
    name: 'forgotten nonces are new again',
    breaks: 'a clock that is set back opens the door to replays',
    file: 'shared/protocol/nonce-store.ts',
    find: '      if (nonce > (floors.get(hotkey) ?? 0n)) floors.set(hotkey, nonce)\n',
    replace: '',
    killers: [NONCES],
  },
  {
    name: 'a nonce file that is not read',
    breaks: 'a restart opens the door to replays',
    file: 'shared/protocol/nonce-file.ts',
    find: ', floors: highest',
    replace: '',
    killers: [NONCES],
  },
  {
    name: 'what waits to be sealed is not buffered',
    breaks: 'a peer that never reads fills our memory',
    file: 'shared/protocol/connection.ts',
    find: 'socket.bufferedAmount + queuedBytes + bytes',
    replace: 'socket.bufferedAmount + bytes',
    killers: [CONNECTION],
  },
  {
    name: 'a close leaves the last frames behind',
    breaks: 'replies are lost at a proper end',
    file: 'shared/protocol/connection.ts',
    find: '    flush()\n    if (end(why)) socket.close',
    replace: '    if (end(why)) socket.close',
    killers: [CONNECTION],
  },
  {
    name: 'pongs without a bound',
    breaks: 'a peer keeps us busy with nothing',
    file: 'shared/protocol/connection.ts',
    find: "  socket.on('pong', onControl)\n",
    replace: '',
    killers: [CONNECTION],
  },
  {
    name: 'a gate at the axon’s path',
    breaks: 'an upgrade that was signed for one passes at the other',
    file: 'shared/protocol/gate.ts',
    find: 'path: GATE_PATH',
    replace: "path: '/starling/6'",
    killers: [GATE],
  },
  {
    name: 'TLS sockets that stay at their handshake',
    breaks: 'every wss session ends after five seconds',
    file: 'shared/protocol/listener.ts',
    find: '        handshakes.done(request.socket)\n',
    replace: '',
    killers: [WSS],
  },
]
