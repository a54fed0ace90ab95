import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { formatKeyFile, parseKeyFile } from '../../../shared/chain/wallet/key-file.ts'
import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { hasCode } from '../../../shared/process/errors.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const parse = (text: string) => parseKeyFile(bytes(text), 'hotkey file x')
const parseJson = (value: object) => parse(JSON.stringify(value))

// The published development keys: `subkey inspect` of the phrase and of //Alice.
const phrase = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'
const phraseSeed = '0xfac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e'
const phraseAddress = '5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV'
const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const aliceSeed = '0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a'
const alicePrivate =
  '0x33a6f3093f158a7109f679410bef1a0c54168145e0cecb4df006c1c2fffb1f09' +
  '925a225d97aa00682d6a59b95b18780c10d7032336e88f3442b42361f4a66011'
const alicePublic = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'

describe('key file', () => {
  it('reads each kind of secret and signs as the same key', () => {
    const files = [
      JSON.stringify({ secretPhrase: phrase, ss58Address: phraseAddress }),
      JSON.stringify({ secretSeed: phraseSeed }),
      phrase,
      phraseSeed.slice(2),
      ` ${phraseSeed}\n`,
    ]
    for (const file of files) expect(parse(file).address).toBe(phraseAddress)
    expect(parseJson({ secretSeed: aliceSeed, accountId: alicePublic }).address).toBe(alice)
  })

  it('signs with a private key in canonical form', () => {
    const signer = parseJson({ privateKey: alicePrivate, publicKey: alicePublic, ss58Address: alice })
    const signature = signer.sign(bytes('hello'))
    expect(verifySignature(bytes('hello'), signature, signerFromUri('//Alice').address)).toBe(true)
  })

  it('prefers the phrase over the seed over the private key', () => {
    expect(parseJson({ privateKey: '0x00', secretSeed: phraseSeed }).address).toBe(phraseAddress)
    expect(parseJson({ secretSeed: '0x00', secretPhrase: phrase }).address).toBe(phraseAddress)
  })

  it('accepts the address under the misspelt name that old files have', () => {
    expect(parseJson({ secretSeed: aliceSeed, ' ss58Address': alice }).address).toBe(alice)
    expect(() => parseJson({ secretSeed: phraseSeed, ' ss58Address': alice })).toThrow(
      /is not the sr25519 key/,
    )
  })

  it('derives the public key of a private key that stands alone', () => {
    for (const file of [alicePrivate, alicePrivate.slice(2), JSON.stringify({ privateKey: alicePrivate })]) {
      const signer = parse(file)
      expect(signer.address).toBe(alice)
      expect(verifySignature(bytes('hello'), signer.sign(bytes('hello')), alice)).toBe(true)
    }
  })

  it('reads what other versions write: nulls, crypto types as text or wrong, fields of their own', () => {
    const file = { secretPhrase: phrase, secretSeed: null, privateKey: null, ss58Address: phraseAddress }
    const newer = { accountType: 'classical', signingScheme: 'sr25519', hashedDescriptor: null }
    for (const cryptoType of [1, '1', 0, '0', null]) {
      expect(parseJson({ ...file, ...newer, cryptoType }).address).toBe(phraseAddress)
    }
  })

  it('names an ed25519 key as one, however it shows', () => {
    const publicKey = '0x345071da55e5dccefaaa440339415ef9f2663338a38f7da0df21be5ab4e055ef'
    for (const file of [
      { secretPhrase: phrase, ss58Address: '5DFJF7tY4bpbpcKPJcBTQaKuCDEPCpiz8TRjpmLeTtweqmXL' },
      { secretSeed: phraseSeed, publicKey },
      { secretSeed: phraseSeed, cryptoType: 0 },
      { secretPhrase: phrase, cryptoType: '0' },
      { privateKey: phraseSeed },
    ]) {
      expect(() => parseJson(file)).toThrow(/holds an ed25519 key/)
    }
  })

  it('names a polkadot.js export', () => {
    expect(() => parse('{"encoded": "abc", "encoding": {}}')).toThrow(/polkadot\.js export/)
  })

  it('writes what it reads, with the private key in canonical form', () => {
    const written = formatKeyFile(phrase, Buffer.from(phraseSeed.slice(2), 'hex'))
    expect(parse(written.secret).address).toBe(phraseAddress)
    const { privateKey, publicKey } = JSON.parse(written.secret)
    expect(parseJson({ privateKey, publicKey }).address).toBe(phraseAddress)
    expect(JSON.parse(written.public)).toEqual({
      accountId: publicKey,
      publicKey,
      ss58Address: phraseAddress,
    })
    expect(formatKeyFile('', Buffer.from(aliceSeed.slice(2), 'hex')).secret).toContain(alicePrivate)
  })

  it.each([
    ['WALLET_ENCRYPTED', '$NACL\u0001\u0002'],
    ['WALLET_ENCRYPTED', '$ANSIBLE_VAULT;1.1;AES256\n6162'],
    ['WALLET_ENCRYPTED', 'gAAAAABlZm9v'],
    ['WALLET_INVALID', ''],
    ['WALLET_INVALID', 'one two three'],
    ['WALLET_INVALID', '{"secretSeed": "0x'],
    ['WALLET_INVALID', '{"encoded": "abc", "encoding": {}}'],
    ['WALLET_INVALID', '{"secretSeed": "0x1234"}'],
    ['WALLET_INVALID', '{"secretPhrase": "not a phrase"}'],
    ['WALLET_INVALID', '{"secretSeed": 5}'],
    ['WALLET_INVALID', JSON.stringify({ privateKey: `0x${'ff'.repeat(64)}` })],
    ['WALLET_INVALID', '00'.repeat(64)],
    ['WALLET_NO_SECRET', JSON.stringify({ publicKey: alicePublic, ss58Address: alice })],
    ['WALLET_KEY_TYPE', JSON.stringify({ secretSeed: phraseSeed, cryptoType: 2 })],
    ['WALLET_KEY_TYPE', JSON.stringify({ secretSeed: phraseSeed, cryptoType: 'x' })],
    ['WALLET_KEY_TYPE', JSON.stringify({ secretSeed: phraseSeed, hashedDescriptor: '0x00' })],
    ['WALLET_MISMATCH', JSON.stringify({ secretSeed: phraseSeed, ss58Address: alice })],
    ['WALLET_MISMATCH', JSON.stringify({ secretSeed: phraseSeed, ss58Address: 'not an address' })],
    ['WALLET_MISMATCH', JSON.stringify({ secretSeed: phraseSeed, accountId: '0x12' })],
    [
      'WALLET_MISMATCH',
      JSON.stringify({ secretSeed: phraseSeed, ss58Address: phraseAddress, publicKey: alicePublic }),
    ],
    ['WALLET_MISMATCH', JSON.stringify({ secretSeed: phraseSeed, publicKey: alicePublic })],
    ['WALLET_MISMATCH', JSON.stringify({ privateKey: alicePrivate, ss58Address: phraseAddress })],
  ])('refuses with %s: %s', (code, file) => {
    let thrown: unknown
    try {
      parse(file)
    } catch (error) {
      thrown = error
    }
    expect(hasCode(thrown, code), String(thrown)).toBe(true)
    expect(String(thrown)).toContain('hotkey file x')
    expect(String(thrown)).not.toContain(phraseSeed)
  })

  it('refuses bytes that are not text', () => {
    expect(() => parseKeyFile(Uint8Array.of(0xff, 0xfe, 0x00), 'x')).toThrow(/not text/)
  })
})
