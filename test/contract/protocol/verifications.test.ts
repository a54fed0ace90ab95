import { beforeEach, describe, expect, it, vi } from 'vitest'
import { StarlingError } from '../../../shared/process/errors.ts'
import { nextNonce } from '../../../shared/protocol/btauth.ts'
import { axonOf, sessionWith, stranger, upgradeAnswer, upgradeOf } from './harness.ts'

const verified = vi.hoisted(() => ({ messages: [] as Uint8Array[] }))
vi.mock('@polkadot/wasm-crypto', async (original) => {
  const crypto = await original<typeof import('@polkadot/wasm-crypto')>()
  return {
    ...crypto,
    sr25519Verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array) {
      verified.messages.push(Uint8Array.from(message))
      return crypto.sr25519Verify(signature, message, key)
    },
  }
})
beforeEach(() => void verified.messages.splice(0))

const forged = () => upgradeOf({}, stranger)

describe('signatures are verified with wasm-crypto', () => {
  it('once for each side, over the bytes as they were sent', async () => {
    const axon = await axonOf()
    const upgrade = upgradeOf()
    expect(await upgradeAnswer(axon, upgrade)).toBe('101')
    expect(verified.messages.map((message) => Buffer.from(message))).toStrictEqual([
      Buffer.from(upgrade.signed),
    ])
    await sessionWith(axon)
    expect(verified.messages).toHaveLength(3)
  })

  it.each([
    ['no permission', { authorize: () => new StarlingError('NO_PERMIT', 'no permit') }, forged, /^403/],
    ['too many attempts', { limits: { upgradesPerMinute: 1 } }, forged, /^429/],
    ['no connection left', { limits: { connections: 0 } }, forged, /^503/],
    ['another receiver', {}, () => upgradeOf({ receiver: stranger.address }), /^401/],
    ['an old nonce', {}, () => upgradeOf({ nonce: nextNonce(Date.now() - 60_000) }), /^401/],
    ['no key', {}, () => ({ ...upgradeOf(), target: '/starling/6' }), /^404/],
    ['half a signature', {}, () => shortened(), /^401 AUTH_MALFORMED/],
  ])('never for whoever has %s', async (what, options, upgrade, answer) => {
    const axon = await axonOf(options)
    // The first attempt of the minute is used up.
    if (what === 'too many attempts') await upgradeAnswer(axon, upgradeOf({ receiver: stranger.address }))
    for (let i = 0; i < 3; i++) expect(await upgradeAnswer(axon, upgrade())).toMatch(answer)
    expect(verified.messages).toHaveLength(0)
  })

  it('once for whoever signs with another key', async () => {
    expect(await upgradeAnswer(await axonOf(), forged())).toMatch(/^401 AUTH_BAD_SIGNATURE/)
    expect(verified.messages).toHaveLength(1)
  })
})

function shortened() {
  const upgrade = upgradeOf()
  const signature = upgrade.headers['X-Bittensor-Signature']!.slice(0, 66)
  return { ...upgrade, headers: { ...upgrade.headers, 'X-Bittensor-Signature': signature } }
}
