import { describe, expect, it } from 'vitest'
import {
  type Endpoint,
  failed,
  newEndpoints,
  nextEndpoint,
  proven,
} from '../../../../shared/chain/substrate/endpoints.ts'

const URLS = ['ws://a', 'ws://b', 'ws://c']
const fresh = (): Endpoint => newEndpoints(['ws://a'])[0]!

describe('which endpoint is next', () => {
  it('goes round, each in turn, and names one once', () => {
    const endpoints = newEndpoints([...URLS, 'ws://a'])
    expect(endpoints.map(({ url }) => url)).toEqual(URLS)
    const order = [-1, 0, 1, 2].map((previous) => nextEndpoint(endpoints, previous, 0))
    expect(order.map(({ index }) => index)).toEqual([0, 1, 2, 0])
    expect(order.every(({ waitMs }) => waitMs === 0)).toBe(true)
  })

  it('leaves out those that rest, until they have rested', () => {
    const [a, b, c] = newEndpoints(URLS)
    const endpoints = [a!, failed(b!, 1_000, 0), c!]
    expect(nextEndpoint(endpoints, 0, 1_000).index).toBe(2)
    expect(nextEndpoint(endpoints, 0, 2_000).index).toBe(1)
  })

  it('waits for the one that is due first when all rest', () => {
    const [a, b] = newEndpoints(URLS)
    const endpoints = [failed(failed(a!, 0, 0), 0, 0), failed(b!, 500, 0)]
    expect(nextEndpoint(endpoints, 1, 600)).toEqual({ index: 1, waitMs: 900 })
  })

  it('rests twice as long after every failure, up to half a minute, less up to a half', () => {
    const rests = (random: number) => {
      let endpoint = fresh()
      return [1, 2, 3, 4, 5, 6, 7].map(() => {
        endpoint = failed(endpoint, 0, random)
        return endpoint.notBefore
      })
    }
    expect(rests(0)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(rests(1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  })

  it('forgets failures once an endpoint brought a block', () => {
    const recovered = proven(failed(failed(fresh(), 0, 0), 0, 0))
    expect(failed(recovered, 0, 0).notBefore).toBe(1_000)
  })
})
