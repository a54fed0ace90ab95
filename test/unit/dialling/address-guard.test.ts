import { describe, expect, it } from 'vitest'
import { isLoopback, whyNotDialled } from '../../../shared/dialling/address-guard.ts'

const code = (ip: string, port = 8091) => whyNotDialled({ ip, port }, false)?.code

describe('an address on chain', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.168.1.1',
    '198.19.255.255',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::ffff:8.8.8.8',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '100::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '2002:7f00:1::1',
    '2002:c0a8:101::',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ])('is refused: %s', (ip) => {
    expect(code(ip)).toBe('ADDRESS_PRIVATE')
    expect(whyNotDialled({ ip, port: 8091 }, true)).toBeUndefined()
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '198.20.0.0',
    '223.255.255.255',
    '2001:4860:4860::8888',
    '2a01:4f8::1',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ])('is dialled: %s', (ip) => {
    expect(code(ip)).toBeUndefined()
  })

  it.each(['localhost', '', '1.2.3', 'fe80::1%eth0', '1.2.3.4:80', '0x7f000001', '2130706433', '127.1'])(
    'must be an address: %s',
    (ip) => {
      expect(code(ip)).toBe('ADDRESS_INVALID')
      expect(whyNotDialled({ ip, port: 8091 }, true)).toMatchObject({ code: 'ADDRESS_INVALID' })
    },
  )

  it.each([
    [0, 'ADDRESS_INVALID'],
    [65_536, 'ADDRESS_INVALID'],
    [1.5, 'ADDRESS_INVALID'],
    [22, 'ADDRESS_PORT'],
    [25, 'ADDRESS_PORT'],
    [1023, 'ADDRESS_PORT'],
    [80, undefined],
    [443, undefined],
    [1024, undefined],
    [65_535, undefined],
  ])('port %s', (port, expected) => {
    expect(code('8.8.8.8', port)).toBe(expected)
  })

  it('is refused by name', () => {
    const error = whyNotDialled({ ip: '64:ff9b::a9fe:a9fe', port: 80 }, false)
    expect(error?.message).toBe(
      '64:ff9b::a9fe:a9fe is not dialled: it lies in 169.254.0.0/16 (NAT64 of 169.254.169.254, link local, RFC 3927)',
    )
    expect(error?.remedy).toContain('--dial.private')
  })
})

it('knows the loopback of both families', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].map(isLoopback)).toEqual([true, true, true])
  expect(['10.0.0.1', '::2', 'localhost', '8.8.8.8'].map(isLoopback)).toEqual([false, false, false, false])
})
