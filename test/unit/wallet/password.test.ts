import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  newPasswordOf,
  obscurePassword,
  passwordOf,
  passwordVariable,
} from '../../../shared/chain/wallet/password.ts'
import { askSecret } from '../../../shared/chain/wallet/prompt.ts'
import { StarlingError } from '../../../shared/process/errors.ts'

const file = '/w/me/hotkeys/default'
const variable = 'BT_PW__W_ME_HOTKEYS_DEFAULT'
const invalid = { code: 'WALLET_PASSWORD_INVALID' }
const answers =
  (...lines: string[]) =>
  () =>
    Promise.resolve(lines.shift() ?? '')
const env = (value: string) => ({ env: { [variable]: value }, ask: undefined })

describe('password', () => {
  it('comes out of the variable as it went in', async () => {
    expect(passwordVariable(file)).toBe(variable)
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), async (password) => {
        expect(await passwordOf(file, 'x', env(obscurePassword(variable, password)))).toBe(password)
      }),
    )
  })

  it('is taken from the variable before anybody is asked', async () => {
    const source = { env: { [variable]: obscurePassword(variable, 'from env') }, ask: answers('typed') }
    expect(await passwordOf(file, 'x', source)).toBe('from env')
    expect(await passwordOf(file, 'x', { env: {}, ask: answers(' typed ') })).toBe('typed')
    await expect(passwordOf(file, 'x', { env: {}, ask: answers('  ') })).rejects.toMatchObject(invalid)
  })

  it('names the variable when there is none and nobody to ask', async () => {
    await expect(passwordOf(file, 'the file', { env: {}, ask: undefined })).rejects.toMatchObject({
      code: 'WALLET_ENCRYPTED',
      message: expect.stringContaining('the file'),
      remedy: expect.stringContaining(variable),
    })
  })

  it.each(['plain words', 'c2VjcmV0!', 'c2VjcmV0=', '', Buffer.alloc(9, 0xbb).toString('base64')])(
    'is not %j',
    async (value) => {
      const thrown = await passwordOf(file, 'x', env(value)).catch((error: unknown) => error)
      expect(thrown).toMatchObject(invalid)
      if (value !== '' && thrown instanceof StarlingError) expect(thrown.message).not.toContain(value)
    },
  )

  it('is asked for twice when it is new, and has a length', async () => {
    const ask = (...lines: string[]) => newPasswordOf(file, 'x', { env: {}, ask: answers(...lines) })
    expect(await ask('long enough', 'long enough')).toBe('long enough')
    await expect(ask('long enough', 'long enougj')).rejects.toMatchObject(invalid)
    await expect(ask('short', 'short')).rejects.toMatchObject(invalid)
    expect(await newPasswordOf(file, 'x', env(obscurePassword(variable, 'long enough')))).toBe('long enough')
  })
})

describe('question at the terminal', () => {
  function terminal() {
    const input = new PassThrough()
    const output = new PassThrough()
    return { input, output, answer: askSecret({ input, output }, 'Password? ') }
  }

  it('reads one line, with its corrections, and shows nothing of it', async () => {
    const { input, output, answer } = terminal()
    input.write('hunt\u007ft')
    input.write('er2\r')
    expect(await answer).toBe('hunter2')
    expect(String(output.read())).toBe('Password? \n')
  })

  it.each([
    ['interrupted', '\u0003'],
    ['at its end', '\u0004'],
  ])('fails when it is %s', async (_name, key) => {
    const { input, answer } = terminal()
    input.write(key)
    await expect(answer).rejects.toMatchObject(invalid)
  })
})
