import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipFromChain, ipToChain } from '../../../shared/chain/substrate/axon-ip.ts'

describe('axon addresses', () => {
  it.each([
    ['127.0.0.2', 0x7f000002n, 4],
    ['255.255.255.255', 0xffffffffn, 4],
    ['2001:db8::7', 0x20010db8000000000000000000000007n, 6],
    ['::1', 1n, 6],
    ['1:2:3:4:5:6:7:8', 0x00010002000300040005000600070008n, 6],
  ])('%s', (text, ip, ipType) => {
    expect(ipToChain(text)).toEqual({ ip, ipType })
    expect(ipFromChain(ip, ipType)).toBe(text)
  })

  it('comes back as it went for every address', () => {
    fc.assert(
      fc.property(
        fc.ipV4().filter((ip) => ip !== '0.0.0.0'),
        (text) => {
          const { ip, ipType } = ipToChain(text)
          expect(ipFromChain(ip, ipType)).toBe(text)
        },
      ),
    )
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const { ip, ipType } = ipToChain(text)
        const back = ipFromChain(ip, ipType)
        if (ip === 0n) expect(back).toBeUndefined()
        else expect(ipToChain(back ?? '')).toEqual({ ip, ipType })
      }),
    )
  })

  it('refuses what is no address', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.256', '::g', '127.0.0.1:80']) {
      expect(() => ipToChain(text)).toThrow(expect.objectContaining({ code: 'CHAIN_INVALID_IP_ADDRESS' }))
    }
    expect(ipFromChain(0n, 4)).toBeUndefined()
    expect(ipFromChain(2n ** 32n, 4)).toBeUndefined()
    expect(ipFromChain(2n ** 128n, 6)).toBeUndefined()
    expect(ipFromChain(5n, 7)).toBeUndefined()
  })
})
