import { expect, test } from 'vitest'
import { beaconMessage, commitsRoot } from '../../../shared/proof/beacon.ts'
import { toHex } from '../../../shared/proof/hash.ts'

const digest = (fill: number) => new Uint8Array(32).fill(fill)
const block = `0x${'ab'.repeat(32)}`

test('the root over a round’s commits does not depend on when they came, and on everything else', () => {
  const root = toHex(commitsRoot([digest(1), digest(2), digest(3)]))
  expect(toHex(commitsRoot([digest(3), digest(1), digest(2)]))).toBe(root)
  expect(toHex(commitsRoot([digest(1), digest(2)]))).not.toBe(root)
  expect(toHex(commitsRoot([digest(1), digest(2), digest(4)]))).not.toBe(root)
  expect(toHex(commitsRoot([]))).toBe(toHex(new Uint8Array(32)))
})

test('a beacon is asked for these commits after that block', () => {
  const message = toHex(beaconMessage(commitsRoot([digest(1)]), block))
  expect(toHex(beaconMessage(commitsRoot([digest(2)]), block))).not.toBe(message)
  expect(toHex(beaconMessage(commitsRoot([digest(1)]), `0x${'ac'.repeat(32)}`))).not.toBe(message)
})
