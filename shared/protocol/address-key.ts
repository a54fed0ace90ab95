import { isIPv6 } from 'node:net'
import { ipToChain } from '../chain/substrate/axon-ip.ts'

const MAPPED = /^::ffff:(?=\d+\.)/i

/**
 * What an address counts as where attempts and sockets are counted: IPv6 by its /64, as whoever has one address there has 2^64 of
 * them, and IPv4 by itself, also where a socket for both shows it as IPv6.
 */
export function addressKey(remoteAddress: string | undefined): string {
  const [ip = ''] = (remoteAddress ?? '').replace(MAPPED, '').split('%')
  return isIPv6(ip) ? `${(ipToChain(ip).ip >> 64n).toString(16)}::/64` : ip
}
