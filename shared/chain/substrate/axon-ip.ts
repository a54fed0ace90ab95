import { isIPv4, isIPv6 } from 'node:net'
import { StarlingError } from '../../process/errors.ts'

/** An IP address as the chain stores it: one number, and which of the two protocols it belongs to. */
export interface ChainIp {
  ip: bigint
  ipType: 4 | 6
}

/** Throws `CHAIN_INVALID_IP_ADDRESS` for text that is not an address. */
export function ipToChain(text: string): ChainIp {
  if (isIPv4(text)) return { ip: joinBits(text.split('.').map(Number), 8), ipType: 4 }
  if (isIPv6(text)) return { ip: joinBits(groupsOf(text), 16), ipType: 6 }
  throw new StarlingError(
    'CHAIN_INVALID_IP_ADDRESS',
    `${text} is not an IP address`,
    'give an IPv4 or IPv6 address',
  )
}

/** The address as text, or undefined when the numbers are not an address. */
export function ipFromChain(ip: bigint, ipType: number): string | undefined {
  if (ip <= 0n) return undefined
  if (ipType === 4 && ip < 1n << 32n) return splitBits(ip, 4, 8).join('.')
  if (ipType !== 6 || ip >= 1n << 128n) return undefined
  const groups = splitBits(ip, 8, 16).map((group) => group.toString(16))
  // The URL parser writes the shortest form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function groupsOf(text: string): number[] {
  const normal = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const [head = '', tail] = normal.split('::')
  const parse = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  if (tail === undefined) return parse(head)
  const zeros = 8 - parse(head).length - parse(tail).length
  return [...parse(head), ...new Array<number>(zeros).fill(0), ...parse(tail)]
}

function joinBits(parts: readonly number[], bits: number): bigint {
  return parts.reduce((value, part) => (value << BigInt(bits)) | BigInt(part), 0n)
}

function splitBits(value: bigint, count: number, bits: number): number[] {
  const mask = (1n << BigInt(bits)) - 1n
  return Array.from({ length: count }, (_, i) => Number((value >> BigInt(bits * (count - 1 - i))) & mask))
}
