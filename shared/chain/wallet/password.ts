import { StarlingError } from '../../process/errors.ts'

/** Where a key file's password comes from. */
export interface PasswordSource {
  env: Readonly<Record<string, string | undefined>>
  /** Asks a person; undefined where nobody can be asked. */
  ask: ((question: string) => Promise<string>) | undefined
  /** Tells a person what takes long. */
  tell?: ((line: string) => void) | undefined
}

/** btwallet's name of the environment variable for a key file, from its absolute path. */
export function passwordVariable(file: string): string {
  return `BT_PW_${file.replaceAll(/[/.]/g, '_').toUpperCase()}`
}

/** Shortest password that new files take. */
const MIN_PASSWORD_LENGTH = 8

/**
 * What that variable holds: base64 of the password xor the variable's own name. This hides it from a glance, no more.
 */
export function obscurePassword(variable: string, password: string): string {
  return Buffer.from(xor(Buffer.from(password), variable)).toString('base64')
}

/**
 * The password of a key file: from its environment variable, else from the person at the terminal, without the blanks
 * around it, as btcli does. Throws
 *
 * - `WALLET_ENCRYPTED`        nobody to ask and no variable
 * - `WALLET_PASSWORD_INVALID` the variable does not hold base64 of a text, or the password is empty
 * @param label how messages name the file
 */
export async function passwordOf(file: string, label: string, source: PasswordSource): Promise<string> {
  const variable = passwordVariable(file)
  const value = source.env[variable]
  if (value !== undefined) return fromVariable(variable, value)
  if (source.ask === undefined) {
    throw new StarlingError(
      'WALLET_ENCRYPTED',
      `${label} is encrypted (NaCl), and there is no password`,
      `set ${variable} (npm run wallet -- password makes its value), or start from a terminal that can ask`,
    )
  }
  const password = (await source.ask(`Password of ${label}: `)).trim()
  if (password === '') throw new StarlingError('WALLET_PASSWORD_INVALID', 'the password is empty')
  return password
}

/**
 * The password for a new key file: from its environment variable, else asked for twice. Throws as {@link passwordOf}, and
 * `WALLET_PASSWORD_INVALID` when the two differ or are too short.
 */
export async function newPasswordOf(file: string, label: string, source: PasswordSource): Promise<string> {
  const password = await passwordOf(file, label, source)
  if (password.length < MIN_PASSWORD_LENGTH) {
    const message = `a password has at least ${MIN_PASSWORD_LENGTH} characters`
    throw new StarlingError('WALLET_PASSWORD_INVALID', message)
  }
  if (source.env[passwordVariable(file)] === undefined) {
    const again = await source.ask?.('The same password again: ')
    if (again?.trim() !== password) {
      throw new StarlingError('WALLET_PASSWORD_INVALID', 'the two passwords differ')
    }
  }
  return password
}

function fromVariable(variable: string, value: string): string {
  const bytes = Buffer.from(value.trim(), 'base64')
  try {
    if (bytes.toString('base64') !== value.trim()) throw new TypeError('not base64')
    const password = new TextDecoder('utf-8', { fatal: true }).decode(xor(bytes, variable))
    if (password === '') throw new TypeError('empty')
    return password
  } catch {
    throw new StarlingError(
      'WALLET_PASSWORD_INVALID',
      `${variable} does not hold an obscured password`,
      'make its value with npm run wallet -- password',
    )
  }
}

function xor(bytes: Uint8Array, name: string): Uint8Array {
  const key = Buffer.from(name)
  return bytes.map((byte, i) => byte ^ (key[i % key.length] ?? 0))
}
