import { DISPUTE_LIMIT_TABLE, type Limit, MESSAGE_LIMIT_TABLE } from '../../shared/protocol/limit-tables.ts'
import { SESSION_LIMITS } from '../../shared/protocol/limits.ts'
import {
  worstAskerBytes,
  worstListenerBytes,
  worstSessionBytes,
} from '../../shared/protocol/listener-memory.ts'
import { SESSION_LIMIT_TABLE } from '../../shared/protocol/session-limit-table.ts'
import { markdownTable } from '../bench/markdown-table.ts'

const MIB = 1024 * 1024

/** docs/limits.md, from the tables that the code reads. */
export function renderLimits(): string {
  return [
    '# Limits',
    '<!-- Written by `npm run limits` from shared/protocol/limit-tables.ts, session-limit-table.ts and listener-memory.ts. Edit those. -->',
    'What stops a peer from costing more than it should. Nothing here depends on the peer’s good will, and whoever stays within these bounds never notices them.',
    '## A connection and its peers',
    'One listener (a miner’s axon, a validator’s gate or dispute port) and its connections. Each side has its own, and nothing on the wire tells them. A program that embeds `shared/protocol` may pass others (`limits`); there are no flags for them, as there is no reason to change one alone.',
    table(SESSION_LIMIT_TABLE),
    '### Memory',
    memory(),
    '## Messages',
    'Part of the protocol: both sides refuse what exceeds them. To change one is a new version of the protocol, for everybody.',
    table(MESSAGE_LIMIT_TABLE),
    '## Disputes',
    'Part of the protocol, too.',
    table(DISPUTE_LIMIT_TABLE),
    '## Elsewhere',
    'What is dialled at all: [ADR 21](adr/0021-doors.md). Numbers of rounds and scores: [configuration.md](configuration.md).',
  ].join('\n\n')
}

function table(limits: Readonly<Record<string, Limit>>): string {
  const rows = Object.entries(limits).map(([name, { value, unit, why, beyond }]) => {
    return [`\`${name}\``, value.toLocaleString('en'), unit, why, beyond]
  })
  return markdownTable(['limit', 'default', 'unit', 'of what, and why', 'beyond it'], rows)
}

function memory(): string {
  const session = worstSessionBytes(SESSION_LIMITS)
  const whole = worstListenerBytes(SESSION_LIMITS)
  const { connections, sockets } = SESSION_LIMITS
  return [
    'The most that hostile peers can make a listener hold, by formula:',
    [
      '```',
      'a session  = bufferedBytes + 3 · requestBytes + 3 · frameBytes + 128 KiB',
      'a listener = connections · session + (sockets − connections) · (headerBytes + 128 KiB)',
      '```',
    ].join('\n'),
    '`test/contract/protocol/memory.test.ts` holds a real axon to it: validators that send what they may, in the costliest way, make it hold 3.0 MiB each. A request counts three times: its frame, and its text decoded at two bytes a character. So does a frame that comes in: its pieces, the whole, what was opened of it. 128 KiB are what Node keeps for a socket.',
    `With the defaults a session is ${inMiB(session)} MiB, and a listener with ${connections} hostile sessions and ${sockets - connections} sockets that hang in their handshakes ${Math.round(whole / MIB).toLocaleString('en')} MiB. To get there takes ${connections / SESSION_LIMITS.connectionsPerHotkey} hotkeys that may connect: at an axon those with a validator permit, of which a subnet has 64 by default (${Math.round((64 * SESSION_LIMITS.connectionsPerHotkey * session) / MIB)} MiB). Strangers alone get to ${Math.round(worstListenerBytes({ ...SESSION_LIMITS, connections: 0 }) / MIB)} MiB.`,
    `A validator holds no requests of others. Of each miner that it asks it may have to hold ${inMiB(worstAskerBytes(SESSION_LIMITS, 1))} MiB, of 256 hostile ones ${Math.round(worstAskerBytes(SESSION_LIMITS, 256) / MIB)} MiB.`,
    'What a handler keeps comes on top: a miner’s answers that wait for their reveal, which it computed itself.',
  ].join('\n\n')
}

function inMiB(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}
