import { createPrivateKey, randomBytes, sign } from 'node:crypto'
import { ed25519, ristretto255 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Signer } from '../../../../shared/chain/wallet/signer.ts'
import { below, type Random } from '../../../../shared/inference/random.ts'

/** What a forger has at hand. */
export interface Material {
  /** Whose signature is wanted; it signs what it signs every day, and never `message`. */
  readonly victim: Signer
  readonly stranger: Signer
  /** The bytes that ought to be signed. */
  readonly message: Uint8Array
  /** Bytes of the same kind that the victim did sign, at another time or for somebody else. */
  readonly earlier: Uint8Array
  /** Bytes of another kind, over the same facts, that the victim did sign. */
  readonly elsewhere: Uint8Array
  readonly random: Random
}

/** Byte 63 of a schnorrkel signature says that it is one. */
const MARKER = 0x80
const ORDER = ed25519.Point.Fn.ORDER

/** A signature that must not be taken for the victim's over `message`, by how it is made. */
export const FORGERIES: Readonly<Record<string, (material: Material) => Uint8Array>> = {
  empty: () => new Uint8Array(0),
  'all zero': () => new Uint8Array(64),
  'all zero, marked': () => marked(new Uint8Array(64)),
  'all ones': () => new Uint8Array(64).fill(0xff),
  noise: () => marked(Uint8Array.from(randomBytes(64))),
  'another key': ({ stranger, message }) => stranger.sign(message),
  'signed before': ({ victim, earlier }) => victim.sign(earlier),
  'signed for something else': ({ victim, elsewhere }) => victim.sign(elsewhere),
  'wrapped in <Bytes>': ({ victim, message }) =>
    victim.sign(Buffer.concat([Buffer.from('<Bytes>'), message, Buffer.from('</Bytes>')])),
  'cut short': ({ victim, message, random }) => victim.sign(message).slice(0, below(random, 64)),
  'with a byte more': ({ victim, message }) => Uint8Array.from([...victim.sign(message), 0]),
  'with a type before it': ({ victim, message }) => Uint8Array.from([1, ...victim.sign(message)]),
  'one bit flipped': ({ victim, message, random }) => {
    const signature = Uint8Array.from(victim.sign(message))
    const bit = below(random, 512)
    signature[bit >> 3]! ^= 1 << (bit & 7)
    return signature
  },
  'one bit of the message flipped': ({ victim, message, random }) => {
    const other = Uint8Array.from(message)
    const bit = below(random, 8 * other.length)
    other[bit >> 3]! ^= 1 << (bit & 7)
    return victim.sign(other)
  },
  'scalar plus the order': ({ victim, message }) => {
    const signature = Uint8Array.from(victim.sign(message))
    signature[63]! &= ~MARKER
    return marked(
      Uint8Array.from([...signature.slice(0, 32), ...scalar(readScalar(signature.slice(32)) + ORDER)]),
    )
  },
  'other context': ({ victim, message }) => victim.vrf(message).proof,
  ed25519: ({ message }) => Uint8Array.from(sign(null, message, ED25519)),
  'ed25519, marked': ({ message }) => marked(Uint8Array.from(sign(null, message, ED25519))),
  ecdsa: ({ message }) => Uint8Array.from([...secp256k1.sign(message, SECP256K1), 0]),
  'R of small order': ({ random }) => {
    // Encodings of the eight-torsion; ristretto knows the first alone, as its zero.
    const torsion = SMALL_ORDER[below(random, SMALL_ORDER.length)]!
    return marked(Uint8Array.from([...torsion, ...new Uint8Array(32)]))
  },
  'R of the scalar alone': () => {
    // Right under a key of zeros, and under no other.
    const s = readScalar(Uint8Array.from(randomBytes(32))) % ORDER
    const point = ristretto255.Point.BASE.multiply(s).toBytes()
    return marked(Uint8Array.from([...point, ...scalar(s)]))
  },
}

const ED25519 = createPrivateKey({
  ...{ format: 'der', type: 'pkcs8' },
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
})
const SECP256K1 = new Uint8Array(32).fill(7)

/** https://datatracker.ietf.org/doc/html/rfc7748 and the points that ed25519 implementations are tested with. */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')))

function marked(signature: Uint8Array): Uint8Array {
  signature[63]! |= MARKER
  return signature
}

/** 32 bytes, little-endian. */
function scalar(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn))
}

function readScalar(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
