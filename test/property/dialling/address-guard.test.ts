import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipFromChain, ipToChain } from '../../../shared/chain/substrate/axon-ip.ts'
import { specialBlockOf, whyNotDialled } from '../../../shared/dialling/address-guard.ts'
import {
  EMBEDDING_V6,
  GLOBAL_UNICAST_V6,
  SPECIAL_V4,
  SPECIAL_V6,
} from '../../../shared/dialling/special-blocks.ts'

/** A block as a range of numbers: a second reading of the table, that shares nothing with node's BlockList. */
function rangeOf({ block }: { readonly block: string }): { first: bigint; last: bigint; width: bigint } {
  const [network = '', bits = ''] = block.split('/')
  const { ip, ipType } = ipToChain(network)
  const width = ipType === 4 ? 32n : 128n
  return { first: ip, last: ip + (1n << (width - BigInt(bits))) - 1n, width }
}

const addressIn = (ranges: readonly { first: bigint; last: bigint }[]) =>
  fc.constantFrom(...ranges).chain(({ first, last }) =>
    // Ends as often as anything between: that is where a wrong prefix length shows.
    fc.oneof(fc.constant(first), fc.constant(last), fc.bigInt({ min: first, max: last })),
  )

const v4 = SPECIAL_V4.map(rangeOf)
const v6 = SPECIAL_V6.map(rangeOf)
const [nat64, sixToFour] = [rangeOf(EMBEDDING_V6[0]), rangeOf(EMBEDDING_V6[1])]
const global = rangeOf({ block: GLOBAL_UNICAST_V6 })
const isIn = (ranges: readonly { first: bigint; last: bigint }[], ip: bigint) =>
  ranges.some(({ first, last }) => ip >= first && ip <= last)
const text = (ip: bigint, type: 4 | 6) => ipFromChain(ip, type) ?? (type === 4 ? '0.0.0.0' : '::')
const refuses = (ip: string) => whyNotDialled({ ip, port: 8091 }, false)?.code === 'ADDRESS_PRIVATE'

describe('the address guard', () => {
  it('refuses every address of every IPv4 block, and no other', () => {
    fc.assert(
      fc.property(fc.oneof(addressIn(v4), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n })), (ip) => {
        expect(refuses(text(ip, 4))).toBe(isIn(v4, ip))
      }),
      { numRuns: 500 },
    )
  })

  it('refuses every address of every IPv6 block, and all that lies outside of 2000::/3', () => {
    const anywhere = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
    fc.assert(
      fc.property(fc.oneof(addressIn(v6), addressIn([global]), anywhere), (ip) => {
        fc.pre(!isIn(EMBEDDING_V6.map(rangeOf), ip))
        expect(refuses(text(ip, 6))).toBe(isIn(v6, ip) || !isIn([global], ip))
      }),
      { numRuns: 500 },
    )
  })

  it('judges an address that embeds another by that one', () => {
    const low80 = fc.bigInt({ min: 0n, max: 2n ** 80n - 1n })
    fc.assert(
      fc.property(
        fc.oneof(addressIn(v4), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n })),
        low80,
        (inner, below) => {
          const expected = specialBlockOf(text(inner, 4)) !== undefined
          expect(refuses(text(nat64.first | inner, 6))).toBe(expected)
          expect(refuses(text(sixToFour.first | (inner << 80n) | below, 6))).toBe(expected)
          // Mapped addresses are never dialled, whatever they map.
          expect(refuses(text((0xffffn << 32n) | inner, 6))).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('says the same of every way to write an address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (written) => {
        expect(refuses(written)).toBe(refuses(text(ipToChain(written).ip, 6)))
      }),
    )
  })
})
