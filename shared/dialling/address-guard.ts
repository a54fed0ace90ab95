import { BlockList, isIP } from 'node:net'
import { ipFromChain, ipToChain } from '../chain/substrate/axon-ip.ts'
import { StarlingError } from '../process/errors.ts'
import {
  EMBEDDING_V6,
  GLOBAL_UNICAST_V6,
  SPECIAL_V4,
  SPECIAL_V6,
  type SpecialBlock,
} from './special-blocks.ts'

/** Ports below 1024 that a peer may name: what stands behind a reverse proxy. */
const WEB_PORTS: readonly number[] = [80, 443]
const FIRST_FREE_PORT = 1024

const REMEDY = 'allow it with --dial.private where the network is your own'

/** An address that a stranger wrote on chain. */
export interface PeerAddress {
  /** IPv4 or IPv6 text. */
  readonly ip: string
  readonly port: number
}

/**
 * Says why an address from the chain must not be dialled, or undefined where it may: whoever dials it would reach machines that
 * only this one can (its own, its neighbours, the cloud's metadata), or spend its connections on addresses that nobody has.
 * @returns ADDRESS_PRIVATE, ADDRESS_PORT (below 1024 only 80 and 443 may be named), ADDRESS_INVALID (not an IP address and port)
 */
export function whyNotDialled({ ip, port }: PeerAddress, allowPrivate: boolean): StarlingError | undefined {
  // An IPv6 zone names an interface of this machine; no address on chain has one.
  if (isIP(ip) === 0 || ip.includes('%') || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return new StarlingError('ADDRESS_INVALID', `${ip} port ${port} is not an address that can be dialled`)
  }
  if (allowPrivate) return undefined
  const special = specialBlockOf(ip)
  if (special !== undefined) {
    const { block, name, source } = special
    const message = `${ip} is not dialled: it lies in ${block} (${name}, ${source})`
    return new StarlingError('ADDRESS_PRIVATE', message, REMEDY)
  }
  if (port >= FIRST_FREE_PORT || WEB_PORTS.includes(port)) return undefined
  const message = `${ip} port ${port} is not dialled: below ${FIRST_FREE_PORT} only ${WEB_PORTS.join(' and ')} are`
  return new StarlingError('ADDRESS_PORT', message, REMEDY)
}

/** True for an address of this machine alone. */
export function isLoopback(ip: string): boolean {
  return isIP(ip) !== 0 && specialBlockOf(ip)?.name === 'loopback'
}

/** The special-purpose block that an address lies in, itself or as what it embeds; undefined for a public one. */
export function specialBlockOf(ip: string): SpecialBlock | undefined {
  if (isIP(ip) === 4) return find(V4, ip)
  const special = find(V6, ip)
  if (special !== undefined) return special
  const embedding = find(EMBEDDING, ip)
  if (embedding !== undefined) {
    const v4 = ipFromChain((ipToChain(ip).ip >> embedding.bitsBelow) & 0xffff_ffffn, 4) ?? '0.0.0.0'
    const inner = specialBlockOf(v4)
    return inner && { ...inner, name: `${embedding.name} of ${v4}, ${inner.name}` }
  }
  if (GLOBAL.list.check(ip, 'ipv6')) return undefined
  return { block: '::/0', name: 'not in use', source: `only ${GLOBAL_UNICAST_V6} is` }
}

type Listed<B extends SpecialBlock> = { readonly entry: B; readonly list: BlockList }

const V4 = SPECIAL_V4.map(listed)
const V6 = SPECIAL_V6.map(listed)
const EMBEDDING = EMBEDDING_V6.map(listed<(typeof EMBEDDING_V6)[number]>)
const GLOBAL = listed({ block: GLOBAL_UNICAST_V6, name: 'global unicast', source: 'RFC 4291' })

function listed<B extends SpecialBlock>(entry: B): Listed<B> {
  const [network = '', bits] = entry.block.split('/')
  const list = new BlockList()
  list.addSubnet(network, Number(bits), familyOf(network))
  return { entry, list }
}

function find<B extends SpecialBlock>(lists: readonly Listed<B>[], ip: string): B | undefined {
  return lists.find(({ list }) => list.check(ip, familyOf(ip)))?.entry
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIP(ip) === 4 ? 'ipv4' : 'ipv6'
}
