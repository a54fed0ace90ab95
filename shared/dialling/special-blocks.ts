/** A block of addresses that is set aside, and where that is written. */
export interface SpecialBlock {
  /** CIDR. */
  readonly block: string
  readonly name: string
  readonly source: string
}

/**
 * IANA's IPv4 special-purpose address registry (iana.org/assignments/iana-ipv4-special-registry), its multicast space, and one
 * address that a cloud keeps for itself. Blocks that can be reached from everywhere (anycast services) are in it, too: no miner
 * lives there. The narrower come first, so that the name that is shown is the closest.
 */
export const SPECIAL_V4: readonly SpecialBlock[] = [
  { block: '0.0.0.0/8', name: 'this network', source: 'RFC 791' },
  { block: '10.0.0.0/8', name: 'private use', source: 'RFC 1918' },
  { block: '100.64.0.0/10', name: 'shared address space', source: 'RFC 6598' },
  { block: '127.0.0.0/8', name: 'loopback', source: 'RFC 1122' },
  { block: '169.254.0.0/16', name: 'link local', source: 'RFC 3927' },
  { block: '172.16.0.0/12', name: 'private use', source: 'RFC 1918' },
  { block: '192.0.0.0/29', name: 'IPv4 service continuity', source: 'RFC 7335' },
  { block: '192.0.0.8/32', name: 'IPv4 dummy address', source: 'RFC 7600' },
  { block: '192.0.0.9/32', name: 'port control anycast', source: 'RFC 7723' },
  { block: '192.0.0.10/32', name: 'TURN anycast', source: 'RFC 8155' },
  { block: '192.0.0.170/31', name: 'NAT64 discovery', source: 'RFC 8880' },
  { block: '192.0.0.0/24', name: 'IETF protocol assignments', source: 'RFC 6890' },
  { block: '192.0.2.0/24', name: 'documentation', source: 'RFC 5737' },
  { block: '192.31.196.0/24', name: 'AS112', source: 'RFC 7535' },
  { block: '192.52.193.0/24', name: 'AMT relays', source: 'RFC 7450' },
  { block: '192.88.99.0/24', name: '6to4 relays', source: 'RFC 7526' },
  { block: '192.168.0.0/16', name: 'private use', source: 'RFC 1918' },
  { block: '192.175.48.0/24', name: 'AS112', source: 'RFC 7534' },
  { block: '198.18.0.0/15', name: 'benchmarking', source: 'RFC 2544' },
  { block: '198.51.100.0/24', name: 'documentation', source: 'RFC 5737' },
  { block: '203.0.113.0/24', name: 'documentation', source: 'RFC 5737' },
  { block: '224.0.0.0/4', name: 'multicast', source: 'RFC 5771' },
  { block: '255.255.255.255/32', name: 'broadcast', source: 'RFC 919' },
  { block: '240.0.0.0/4', name: 'reserved', source: 'RFC 1112' },
  { block: '168.63.129.16/32', name: 'Azure platform', source: 'learn.microsoft.com' },
]

/**
 * IANA's IPv6 special-purpose address registry (iana.org/assignments/iana-ipv6-special-registry) and what older RFCs set aside.
 * Beyond it only 2000::/3 is in use on the Internet. The two blocks that hold an IPv4 address are not here: it decides.
 */
export const SPECIAL_V6: readonly SpecialBlock[] = [
  { block: '::/128', name: 'unspecified', source: 'RFC 4291' },
  { block: '::1/128', name: 'loopback', source: 'RFC 4291' },
  { block: '::ffff:0:0/96', name: 'IPv4-mapped', source: 'RFC 4291' },
  { block: '::/96', name: 'IPv4-compatible', source: 'RFC 4291' },
  { block: '64:ff9b:1::/48', name: 'local NAT64', source: 'RFC 8215' },
  { block: '100::/64', name: 'discard', source: 'RFC 6666' },
  { block: '100:0:0:1::/64', name: 'dummy prefix', source: 'RFC 9780' },
  { block: '2001::/32', name: 'Teredo', source: 'RFC 4380' },
  { block: '2001:1::1/128', name: 'port control anycast', source: 'RFC 7723' },
  { block: '2001:1::2/128', name: 'TURN anycast', source: 'RFC 8155' },
  { block: '2001:1::3/128', name: 'DNS-SD registration anycast', source: 'RFC 9665' },
  { block: '2001:2::/48', name: 'benchmarking', source: 'RFC 5180' },
  { block: '2001:3::/32', name: 'AMT relays', source: 'RFC 7450' },
  { block: '2001:4:112::/48', name: 'AS112', source: 'RFC 7535' },
  { block: '2001:10::/28', name: 'ORCHID', source: 'RFC 4843' },
  { block: '2001:20::/28', name: 'ORCHIDv2', source: 'RFC 7343' },
  { block: '2001:30::/28', name: 'drone identities', source: 'RFC 9374' },
  { block: '2001::/23', name: 'IETF protocol assignments', source: 'RFC 2928' },
  { block: '2001:db8::/32', name: 'documentation', source: 'RFC 3849' },
  { block: '2620:4f:8000::/48', name: 'AS112', source: 'RFC 7534' },
  { block: '3fff::/20', name: 'documentation', source: 'RFC 9637' },
  { block: '5f00::/16', name: 'segment routing', source: 'RFC 9602' },
  { block: 'fc00::/7', name: 'unique local', source: 'RFC 4193' },
  { block: 'fe80::/10', name: 'link local', source: 'RFC 4291' },
  { block: 'fec0::/10', name: 'site local', source: 'RFC 3879' },
  { block: 'ff00::/8', name: 'multicast', source: 'RFC 4291' },
]

/** IPv6 addresses that stand for an IPv4 address, and how many bits lie below it. */
export const EMBEDDING_V6 = [
  { block: '64:ff9b::/96', name: 'NAT64', source: 'RFC 6052', bitsBelow: 0n },
  { block: '2002::/16', name: '6to4', source: 'RFC 3056', bitsBelow: 80n },
] as const

/** All that IANA has handed out for use on the Internet so far. */
export const GLOBAL_UNICAST_V6 = '2000::/3'
