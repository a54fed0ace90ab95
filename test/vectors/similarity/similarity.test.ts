import { describe, expect, test } from 'vitest'
import { minhash } from '../../../shared/similarity/minhash.ts'
import { hyperplanes, SIMHASH_BYTES, simhash } from '../../../shared/similarity/simhash.ts'

// Published rounds hold hashes: whoever audits them must come to the same ones, on any machine and in years to come.
describe('hashes stay what they are', () => {
  const planes = hyperplanes(8)
  const vector = Float32Array.from({ length: 8 }, (_, j) => (j % 2 === 1 ? -1 : 1) / (1 + j))

  test('SimHash', () => {
    expect([...planes.subarray(0, 3)]).toEqual([
      0.23059022426605225, -0.9575682282447815, -0.20166106522083282,
    ])
    expect(Buffer.from(simhash(vector, planes)).toString('hex')).toBe(
      '93c618ecd94b6597f7a87a2a986e27bd20cf3ce76d0c852239ceea21ecd8f847' +
        'fef947fa2a5196feaf801e330d8c5b35379d50921132be99898e6d8515fb8136' +
        '2479aa28b2e73fc51df95376d316fd8da651dcc380531948c5ac1eb0b30be950' +
        'd1c69ed5d50dab94082c7b1cb9c5c1f7553321ece7c9217b4ff79eb46b7b7146',
    )
    expect(simhash(new Float32Array(8), planes)).toEqual(new Uint8Array(SIMHASH_BYTES))
  })

  test('MinHash', () => {
    const values = (text: string) => [...minhash(Buffer.from(text)).subarray(0, 4)]
    expect(values('answer: 632')).toEqual([849493486, 463551051, 157721157, 433844973])
    expect([...minhash([1]).subarray(0, 2)]).toEqual([2320110793, 66280031])
  })
})
