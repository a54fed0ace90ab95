import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  HYPERPARAMETER_NAMES,
  parseHyperparameters,
  withHyperparameters,
} from '../../../shared/chain/devnet/runtime/hyperparameters.ts'

const refusal = (message: string) =>
  expect.objectContaining({ code: 'DEVNET_HYPERPARAMETERS_INVALID', message })

describe('a hyperparameter file', () => {
  it('gives what it holds', () => {
    expect(parseHyperparameters('{"tempo":20,"commitReveal":true}', 'f')).toEqual({
      tempo: 20,
      commitReveal: true,
    })
    expect(parseHyperparameters('{}', 'f')).toEqual({})
  })

  it('is what the example shows', async () => {
    const text = await readFile('docs/examples/hyperparameters.json', 'utf8')
    expect(parseHyperparameters(text, 'f')).toEqual(JSON.parse(text))
  })

  it.each([
    ['an unknown name', '{"temp":20}', 'f: there is no hyperparameter temp'],
    ['two unknown names', '{"a":1,"b":2}', 'f: there is no hyperparameter a and no b'],
    [
      'a wrong type',
      '{"commitReveal":1}',
      'f: commitReveal: Invalid input: expected boolean, received number',
    ],
    ['a number out of range', '{"tempo":65536}', 'f: tempo: Too big: expected number to be <=65535'],
    ['a broken number', '{"tempo":1.5}', 'f: tempo: Invalid input: expected int, received number'],
    ['no object', '[]', 'f: Invalid input: expected object, received array'],
  ])('is refused in one line for %s', (_what, text, message) => {
    expect(() => parseHyperparameters(text, 'f')).toThrow(refusal(message))
  })

  it('is refused when it is not JSON, naming the file', () => {
    expect(() => parseHyperparameters('{tempo: 20}', 'my.json')).toThrow(
      refusal(expect.stringMatching(/^my\.json is not JSON \(/) as never),
    )
  })

  it('names what there is', () => {
    try {
      parseHyperparameters('{"temp":20}', 'f')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ remedy: `the names are ${HYPERPARAMETER_NAMES.join(', ')}` })
    }
  })
})

describe('a preset', () => {
  const preset = (subnets: object[]) => JSON.stringify({ a: { b: '1' }, subtensorModule: { subnets } })

  it('is passed on as it is without hyperparameters', () => {
    expect(withHyperparameters('{"big":18446744073709551615}', {}, 'p')).toBe('{"big":18446744073709551615}')
  })

  it('takes them on every subnet, beside and instead of its own', () => {
    const given = preset([
      { netuid: 1, hyperparameters: { tempo: 20, kappa: 5 } },
      { netuid: 2, neurons: [] },
    ])
    expect(JSON.parse(withHyperparameters(given, { tempo: 9 }, 'p'))).toEqual({
      a: { b: '1' },
      subtensorModule: {
        subnets: [
          { netuid: 1, hyperparameters: { tempo: 9, kappa: 5 } },
          { netuid: 2, neurons: [], hyperparameters: { tempo: 9 } },
        ],
      },
    })
  })

  it('must have a subnet', () => {
    for (const config of [preset([]), '{"subtensorModule":{}}']) {
      expect(() => withHyperparameters(config, { tempo: 9 }, 'p')).toThrow(
        refusal('preset p has no subnet that could take hyperparameters'),
      )
    }
  })

  it('is not rounded', () => {
    const big = `{"subtensorModule":{"subnets":[{"stake":18446744073709551615}]}}`
    expect(() => withHyperparameters(big, { tempo: 9 }, 'p')).toThrow(
      expect.objectContaining({ code: 'RUNTIME_INCOMPATIBLE' }),
    )
  })
})
