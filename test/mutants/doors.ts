import type { Mutant } from './mutant.ts'

const GUARD = 'test/unit/dialling/address-guard.test.ts'
const DEVNET = 'test/unit/dialling/devnet.test.ts'
const PEERS = 'test/unit/validator/peers.test.ts'
const OUTBOUND = 'test/unit/miner/outbound.test.ts'
const BOUNDS = 'test/contract/protocol/bounds.test.ts'

/** What is dialled, who may dial in, and how much one peer may cost. */
export const DOOR_MUTANTS: readonly Mutant[] = [
  {
    name: 'addresses that embed another are public',
    breaks: 'a miner has validators connect to the cloud’s metadata, by NAT64',
    file: 'shared/dialling/address-guard.ts',
    find: '  if (embedding !== undefined) {',
    replace: '  if (embedding !== undefined && ip === "") {',
    killers: [GUARD],
  },
  {
    name: 'IPv6 that nobody has is public',
    breaks: 'what IANA sets aside next is dialled',
    file: 'shared/dialling/address-guard.ts',
    find: "  if (GLOBAL.list.check(ip, 'ipv6')) return undefined\n",
    replace: '  if (GLOBAL) return undefined\n',
    killers: [GUARD],
  },
  {
    name: 'Subtensor on this machine is a devnet',
    breaks: 'who runs a node of its own dials private addresses',
    file: 'shared/dialling/devnet.ts',
    find: '  if (specName === SUBTENSOR) return false\n',
    replace: '',
    killers: [DEVNET],
  },
  {
    name: 'a validator dials without asking the guard',
    breaks: 'a miner chooses what a validator’s machine connects to',
    file: 'validator/peers.ts',
    find: '    return error === undefined\n',
    replace: '    return true\n',
    killers: [PEERS],
  },
  {
    name: 'a miner dials gates without asking the guard',
    breaks: 'a validator chooses what a miner’s machine connects to',
    file: 'miner/outbound.ts',
    find: '        if (refused === undefined) kept.set',
    replace: '        if (gate) kept.set',
    killers: [OUTBOUND],
  },
  {
    name: 'anybody may dial in',
    breaks: 'strangers fill a validator’s gate',
    file: 'validator/peers.ts',
    find: '      if (registered.has(hotkey) && hotkey !== signer.address) return undefined\n',
    replace: '      if (hotkey !== signer.address) return undefined\n',
    killers: [PEERS],
  },
  {
    name: 'a gate that hangs up is dialled again at once',
    breaks: 'miners hammer a gate that turns them away',
    file: 'miner/outbound.ts',
    find: '      failures = monotonic() - from >= STEADY_MS ? 1 : failures + 1\n',
    replace: '      failures = 1\n',
    killers: [OUTBOUND],
  },
  {
    name: 'requests under way without a bound of bytes',
    breaks: 'one validator makes a miner hold 16 MiB, and all of them gigabytes',
    file: 'shared/protocol/serve-session.ts',
    find: '    if (bytesUnderWay + bytes <= limits.requestBytes) return undefined\n',
    replace: '    if (bytes > 0) return undefined\n',
    killers: [BOUNDS],
  },
  {
    name: 'requests counted by connection',
    breaks: 'who reconnects may ask without a bound',
    file: 'shared/protocol/axon-server.ts',
    find: 'limits, meter, ',
    replace: 'limits, meter: createRequestMeter(limits, clock), ',
    killers: [BOUNDS],
  },
  {
    name: 'IPv6 counted by address',
    breaks: 'who has a /64 makes attempts without a bound',
    file: 'shared/protocol/address-key.ts',
    find: ' >> 64n',
    replace: ' >> 0n',
    killers: ['test/unit/protocol/request-meter.test.ts'],
  },
]
