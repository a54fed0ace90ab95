import { describe, expect, it } from 'vitest'
import { addressKey } from '../../../shared/protocol/address-key.ts'
import { createRequestMeter } from '../../../shared/protocol/request-meter.ts'

describe('requests of a hotkey', () => {
  const meterAt = (time: { now: number }) =>
    createRequestMeter({ requestsPerMinute: 10, connections: 2 }, { now: () => 0, monotonic: () => time.now })
  const judged = (meter: ReturnType<typeof meterAt>, hotkey: string, count: number) =>
    Array.from({ length: count }, () => meter.judge(hotkey))

  it('are served, then refused, and at twice the rate dropped', () => {
    const meter = meterAt({ now: 0 })
    expect(judged(meter, 'a', 22)).toEqual([
      ...new Array(10).fill('serve'),
      ...new Array(10).fill('refuse'),
      ...new Array(2).fill('drop'),
    ])
  })

  it('cost nobody else anything', () => {
    const meter = meterAt({ now: 0 })
    judged(meter, 'a', 30)
    expect(meter.judge('b')).toBe('serve')
  })

  it('are served again after a while', () => {
    const time = { now: 0 }
    const meter = meterAt(time)
    judged(meter, 'a', 15)
    time.now += 6_000
    expect(judged(meter, 'a', 2)).toEqual(['serve', 'refuse'])
    time.now += 60_000
    expect(judged(meter, 'a', 10)).toEqual(new Array(10).fill('serve'))
  })

  it('are without bound where there is none', () => {
    const clock = { now: () => 0, monotonic: () => 0 }
    const meter = createRequestMeter({ requestsPerMinute: Number.POSITIVE_INFINITY, connections: 1 }, clock)
    expect(new Set(judged(meter, 'a', 100_000))).toEqual(new Set(['serve']))
  })
})

describe('an address counts', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002::/64'],
    ['fe80::1%eth0', 'fe80000000000000::/64'],
    [undefined, ''],
  ])('%s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })

  it('with its whole network where that is IPv6', () => {
    expect(addressKey('2001:db8::1')).toBe(addressKey('2001:db8::ffff:1'))
    expect(addressKey('2001:db8::1')).not.toBe(addressKey('2001:db8:0:1::1'))
  })
})
