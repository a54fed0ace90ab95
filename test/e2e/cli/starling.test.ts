import { describe, expect, it } from 'vitest'
import { runToEnd } from '../devnet/devnet-process.ts'

const starling = (...args: string[]) => runToEnd(['scripts/starling.mjs', ...args])

describe('starling', () => {
  it('lists what there is', async () => {
    const { code, out } = await starling('--help')
    expect(code).toBe(0)
    for (const name of ['miner', 'validator', 'demo', 'doctor', 'completion'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
  })

  it('suggests the nearest command', async () => {
    const { code, err } = await starling('mner')
    expect(code).toBe(2)
    expect(err).toBe("error USAGE: unknown command 'mner' (Did you mean miner?); see --help\n")
  })

  it('runs a program with its own flags, in every spelling, and says by which name', async () => {
    const { code, out } = await starling('wallet', 'verify', '--help')
    expect(code).toBe(0)
    expect(out).toContain('Usage: starling wallet verify [options]')
    const shown = await starling('wallet', 'show', '--wallet-path', '/nowhere', '--wallet_name', 'x')
    expect(shown).toMatchObject({ code: 1, err: expect.stringContaining('/nowhere/x/') })
  })
})
