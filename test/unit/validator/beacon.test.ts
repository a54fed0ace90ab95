import { expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifyVrf } from '../../../shared/chain/wallet/signer.ts'
import { beaconMessage, commitsRoot } from '../../../shared/proof/beacon.ts'
import { fromHex, toHex } from '../../../shared/proof/hash.ts'
import { drawBeacon } from '../../../validator/round/beacon.ts'

const alice = signerFromUri('//Alice')
const digest = (fill: number) => new Uint8Array(32).fill(fill)
const block = { number: 11, hash: `0x${'01'.repeat(32)}` }
const digests = [digest(1), digest(2)]

it('draws a beacon that anybody can check against the commits, the block and the key', () => {
  const { output, entry } = drawBeacon(digests, block, alice)
  expect(entry).toMatchObject({ commits: toHex(commitsRoot(digests)), block: 11, blockHash: block.hash })
  const both = fromHex(entry.vrf)
  const result = { output: both.slice(0, 32), proof: both.slice(32) }
  expect(result.output).toEqual(output)
  expect(verifyVrf(beaconMessage(commitsRoot(digests), block.hash), result, alice.address)).toBe(true)
})

it('draws another one for other commits, another block, another key', () => {
  const drawn = [
    drawBeacon(digests, block, alice),
    drawBeacon([digest(1)], block, alice),
    drawBeacon(digests, { ...block, hash: `0x${'02'.repeat(32)}` }, alice),
    drawBeacon(digests, block, signerFromUri('//Bob')),
  ]
  expect(new Set(drawn.map(({ output }) => toHex(output))).size).toBe(4)
  expect(toHex(drawBeacon([digest(2), digest(1)], block, alice).output)).toBe(toHex(drawn[0]!.output))
})
