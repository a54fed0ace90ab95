import { expect, it } from 'vitest'
import { accountOf } from '../../../scripts/bench/endure/kills/account.ts'
import { signedCall } from '../../../scripts/bench/endure/kills/weights-sent.ts'

const life = { settled: [], failed: [], last: 'round opened', ended: undefined, milliseconds: 1 }
const receipt = (round: number, block: number) => ({
  ...{ kind: 'weights' as const, round, block, intent: round },
  ...{ uids: [1], weights: [1] },
})
const lived = (receipts: ReturnType<typeof receipt>[], sent: number[]) =>
  accountOf([{ lives: [{ ...life, opened: [1, 2] }], problems: [], rounds: [], weights: receipts, sent }])

it('counts weights that were set twice, and those that nobody knows of', () => {
  expect(lived([receipt(1, 10), receipt(2, 20)], [10, 20])).toMatchObject({
    weightsTwice: 0,
    weightsUnknown: 0,
  })
  expect(lived([receipt(1, 10), receipt(1, 20)], [10, 20])).toMatchObject({ weightsTwice: 1 })
  expect(lived([receipt(1, 10)], [10, 10])).toMatchObject({ weightsTwice: 1 })
  expect(lived([receipt(2, 20)], [10, 20])).toMatchObject({ weightsUnknown: 1 })
  // The last kill may have come before its receipt.
  expect(lived([receipt(1, 10)], [10, 20])).toMatchObject({ weightsUnknown: 0 })
})

it('reads signer and call of a signed transaction', () => {
  const [key, signature] = ['d4'.repeat(32), '71'.repeat(64)]
  // Era of two bytes, nonce 4, tip 0, then the call.
  expect(signedCall(`0x390284${'00'}${key}01${signature}1500${'10'}000700aabb`)).toEqual({
    signer: key,
    body: '0700aabb',
  })
  expect(signedCall('0x280502000b0bfc5001a201')).toBeUndefined()
})
