import { StarlingError } from '../../process/errors.ts'

/** Scheme, host, port and path before /v1. @throws StarlingError BACKEND_URL_INVALID */
export function serverUrl(text: string): string {
  const invalid = (what: string) =>
    new StarlingError(
      'BACKEND_URL_INVALID',
      `the backend’s URL ${what}`,
      'give an address such as http://127.0.0.1:8000',
    )
  if (!URL.canParse(text)) throw invalid('is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid(`begins with ${url.protocol}`)
  // A password here would end up in logs and error lines.
  if (url.username !== '' || url.password !== '')
    throw invalid('holds a password, which belongs in --backend.key_env')
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`
}

/** A key by the name of its variable. @throws StarlingError BACKEND_KEY_MISSING */
export function readKey(
  env: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): { readonly env: string; readonly value: string } | undefined {
  if (env === undefined) return undefined
  const value = variables[env]
  if (value !== undefined && /^[\x21-\x7e]+$/.test(value)) return { env, value }
  throw new StarlingError(
    'BACKEND_KEY_MISSING',
    `the environment variable ${env} ${value ? 'holds no key' : 'is not set'}`,
    'set it to the server’s key',
  )
}
