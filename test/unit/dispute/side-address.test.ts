import { describe, expect, it } from 'vitest'
import { sideAddress } from '../../../shared/dispute/hear-session.ts'

describe('the address of a side', () => {
  it.each([
    ['10.0.0.5:8091', '10.0.0.5', 8091, false],
    ['wss://10.0.0.5:443', '10.0.0.5', 443, true],
    ['[fd00::1]:8091', 'fd00::1', 8091, false],
    ['wss://[fd00::1]:8091', 'fd00::1', 8091, true],
  ])('%s is read', (text, ip, port, tls) => {
    expect(sideAddress(text)).toStrictEqual({ ip, port, tls })
  })

  it.each(['', '10.0.0.5', '10.0.0.5:0', '10.0.0.5:65536', 'http://10.0.0.5:80', 'a b:1', 'fd00::1:80'])(
    'is not %j',
    (text) => {
      expect(() => sideAddress(text)).toThrow(expect.objectContaining({ code: 'DISPUTE_ADDRESS' }))
    },
  )
})
