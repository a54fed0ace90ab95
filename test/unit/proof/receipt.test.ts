import { describe, expect, it } from 'vitest'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { verifySignature } from '../../../shared/chain/wallet/signer.ts'
import { makeReceipts, verifyReceipt } from '../../../shared/proof/receipt.ts'

const rows = ['{"hotkey":"a"}', '{"hotkey":"b"}', '{"hotkey":"c"}'].map((row) =>
  new TextEncoder().encode(row),
)
const validator = signerFromUri('//Alice')
const verify = (message: Uint8Array, signature: Uint8Array) =>
  verifySignature(message, signature, validator.address)

describe('receipt', () => {
  it('proves every row of a round', () => {
    for (const receipt of makeReceipts({ round: 7, rows }, validator.sign))
      expect(verifyReceipt(receipt, verify)).toBe(true)
  })

  it('does not prove a changed row, another round or another signer', () => {
    const [receipt] = makeReceipts({ round: 7, rows }, validator.sign)
    expect(verifyReceipt({ ...receipt!, row: rows[1]! }, verify)).toBe(false)
    expect(verifyReceipt({ ...receipt!, round: 8 }, verify)).toBe(false)
    const stranger = makeReceipts({ round: 7, rows }, signerFromUri('//Bob').sign)[0]!
    expect(verifyReceipt(stranger, verify)).toBe(false)
  })
})
