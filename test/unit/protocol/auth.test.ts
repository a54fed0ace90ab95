import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { printable } from '../../../shared/process/printable.ts'
import {
  authHeaders,
  checkClaim,
  checkSignature,
  type Headers,
  nextNonce,
  readClaim,
  signedBytes,
} from '../../../shared/protocol/btauth.ts'
import { checkHello, makeHello } from '../../../shared/protocol/hello.ts'
import { createRateLimit } from '../../../shared/protocol/rate-limit.ts'

const alice = signerFromUri('//Alice')
const bob = signerFromUri('//Bob')
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index)
const NOW = 1_752_076_800_000
const WINDOW = { maxAgeMs: 10_000, maxSkewMs: 2_000 }

function request(nonce = nextNonce(NOW)) {
  const target = '/starling/6'
  const body = new Uint8Array(0)
  return {
    scheme: 'sr25519',
    method: 'GET',
    target,
    body,
    nonce,
    sender: alice.address,
    receiver: bob.address,
  }
}

function headers(change: Headers = {}): Headers {
  const signed = authHeaders(alice, signedBytes(request()), request())
  const lower = Object.entries(signed).map(([key, value]) => [key.toLowerCase(), value])
  return { ...Object.fromEntries(lower), ...change }
}

describe('the shape of a claim', () => {
  it('is read from five headers', () => {
    const claim = readClaim(headers())
    expect(claim).toMatchObject({ sender: alice.address, receiver: bob.address })
    expect(claim.signature).toHaveLength(64)
  })

  it.each([
    ['version', { 'x-bittensor-version': '2' }],
    ['version', { 'x-bittensor-version': undefined }],
    ['scheme', { 'x-bittensor-crypto': 'ed25519' }],
    ['hotkey', { 'x-bittensor-hotkey': undefined }],
    ['hotkey', { 'x-bittensor-hotkey': '5GrwvaEF' }],
    ['receiver', { 'x-bittensor-receiver': undefined }],
    ['nonce', { 'x-bittensor-nonce': '1e18' }],
    ['nonce', { 'x-bittensor-nonce': '-1' }],
    ['nonce', { 'x-bittensor-nonce': '0123' }],
    ['nonce', { 'x-bittensor-nonce': '9'.repeat(21) }],
    ['signature', { 'x-bittensor-signature': undefined }],
    ['signature', { 'x-bittensor-signature': '' }],
    ['signature', { 'x-bittensor-signature': '0x' }],
    ['signature', { 'x-bittensor-signature': `0x01${'ab'.repeat(64)}` }],
    ['signature', { 'x-bittensor-signature': `0x${'AB'.repeat(64)}` }],
  ] as const)('is refused for a bad %s: %j', (what, change) => {
    expect(() => readClaim(headers(change))).toThrow(new RegExp(what))
  })
})

describe('receiver, freshness and signature', () => {
  const claim = (nonce: bigint) => ({ ...readClaim(headers()), nonce: nonce.toString() })
  const ns = (ms: number) => BigInt(ms) * 1_000_000n

  it('takes the window to the nanosecond', () => {
    const check = (nonce: bigint) => () => checkClaim(claim(nonce), bob.address, NOW, WINDOW)
    expect(check(ns(NOW - 10_000))).not.toThrow()
    expect(check(ns(NOW - 10_000) - 1n)).toThrow(/too old/)
    expect(check(ns(NOW + 2_000))).not.toThrow()
    expect(check(ns(NOW + 2_000) + 1n)).toThrow(/future/)
    expect(check(99_999_999_999_999_999_999n)).toThrow(/future/)
  })

  it('refuses a request for somebody else', () => {
    expect(() => checkClaim(claim(ns(NOW)), alice.address, NOW, WINDOW)).toThrow(/this is/)
  })

  it('takes a signature over exactly these bytes only', () => {
    const exact = request()
    const payload = signedBytes(exact)
    const signed = readClaim(headers({ 'x-bittensor-signature': hex(alice.sign(payload)) }))
    expect(() => checkSignature(signed, payload)).not.toThrow()
    const others = [
      { ...exact, method: 'POST' },
      { ...exact, target: '/starling/6?x' },
      { ...exact, body: Uint8Array.of(0) },
      { ...exact, nonce: nextNonce(NOW) },
      { ...exact, sender: bob.address },
      { ...exact, receiver: alice.address },
    ]
    for (const other of others) expect(() => checkSignature(signed, signedBytes(other))).toThrow(/not signed/)
    expect(() => checkSignature({ ...signed, signature: bob.sign(payload) }, payload)).toThrow(/not signed/)
    expect(() => checkSignature({ ...signed, signature: new Uint8Array(0) }, payload)).toThrow(/not signed/)
    expect(() => checkSignature({ ...signed, signature: new Uint8Array(64) }, payload)).toThrow(/not signed/)
    const wrapped = Buffer.concat([Buffer.from('<Bytes>'), payload, Buffer.from('</Bytes>')])
    expect(() => checkSignature({ ...signed, signature: alice.sign(wrapped) }, payload)).toThrow(/not signed/)
  })

  it('draws a nonce only once', () => {
    const drawn = Array.from({ length: 1000 }, () => nextNonce(NOW))
    expect(new Set(drawn).size).toBe(1000)
    for (const nonce of drawn) expect(BigInt(nonce) / 1_000_000n).toBe(BigInt(NOW))
  })
})

describe('the rate limit', () => {
  it('takes a minute of attempts at once, then one at a time', () => {
    const limit = createRateLimit({ perMinute: 6, keys: 10 })
    for (let i = 0; i < 6; i++) expect(limit.allow('a', 0)).toBe(true)
    expect(limit.allow('a', 0)).toBe(false)
    expect(limit.allow('b', 0)).toBe(true)
    expect(limit.allow('a', 9_999)).toBe(false)
    expect(limit.allow('a', 10_000)).toBe(true)
    expect(limit.allow('a', 10_000)).toBe(false)
    expect(limit.allow('a', 1e9)).toBe(true)
  })

  it('keeps a bounded number of keys', () => {
    const limit = createRateLimit({ perMinute: 1, keys: 2 })
    for (const key of ['a', 'b', 'c']) expect(limit.allow(key, 0)).toBe(true)
    expect(limit.allow('c', 0)).toBe(false)
    expect(limit.allow('a', 0)).toBe(true)
  })
})

describe('hello', () => {
  const upgrade = signedBytes(request())
  const hello = makeHello(bob, KEY, upgrade)

  it('is taken from the hotkey that was dialled, for this upgrade', () => {
    expect(() => checkHello(hello, bob.address, upgrade)).not.toThrow()
  })

  it('is refused from another hotkey, for another upgrade, or changed', () => {
    expect(() => checkHello(hello, alice.address, upgrade)).toThrow(/another hotkey/)
    expect(() => checkHello({ ...hello, hotkey: alice.publicKey }, bob.address, upgrade)).toThrow(/another/)
    expect(() => checkHello(hello, bob.address, signedBytes(request()))).toThrow(/this connection/)
    expect(() => checkHello({ ...hello, key: KEY.toReversed() }, bob.address, upgrade)).toThrow(
      /this connection/,
    )
    expect(() => checkHello({ ...hello, version: 99 }, bob.address, upgrade)).toThrow(/speaks protocol 99/)
  })
})

describe('printable', () => {
  it('leaves one plain line within the limit', () => {
    expect(printable('plain é ✓', 20)).toBe('plain é ✓')
    expect(printable(' a\r\nb\u001b[31m\u202e\ud800c ', 20)).toBe('a b [31m c')
    expect(printable('x'.repeat(300), 200)).toHaveLength(200)
    expect(printable(`${'x'.repeat(8)}😀😀`, 10)).toBe('xxxxxxxx…')
  })
})

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
