import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRpcReply, parseMessage } from '../../../../shared/chain/substrate/rpc-message.ts'

describe('a node’s message', () => {
  it('is an answer, an error, or news', () => {
    expect(parseMessage('{"jsonrpc":"2.0","id":7,"result":null}')).toEqual({ id: 7, result: null })
    expect(parseMessage('{"method":"m","params":{"subscription":5,"result":[1]}}')).toEqual({
      subscription: '5',
      result: [1],
    })
    const message = parseMessage('{"id":7,"error":{"code":1010,"message":"Invalid","data":"stale"}}')
    const error = message !== undefined && 'error' in message ? message.error : undefined
    expect(isRpcReply(error)).toBe(true)
    expect(error).toMatchObject({ code: 1010, message: 'Invalid', data: 'stale' })
  })

  it.each([
    '',
    'no json',
    'null',
    '[]',
    '{"id":"x"}',
    '{"method":"m"}',
    '{"method":"m","params":null}',
    '{"id":7,"error":1}',
  ])('is not %j', (text) => {
    expect(parseMessage(text)).toBeUndefined()
  })

  it('never throws, whatever is sent', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseMessage(text)))
  })
})
