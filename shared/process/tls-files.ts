import { readFileSync } from 'node:fs'
import { StarlingError } from './errors.ts'

/** The flags that name a certificate and its key. */
export interface TlsFlags {
  readonly 'axon.tls.cert'?: string
  readonly 'axon.tls.key'?: string
}

/**
 * Reads the two PEM files; undefined where neither is named.
 * @throws StarlingError TLS_FILES: one of them is not named, or can't be read
 */
export function readTlsFiles(flags: TlsFlags): { cert: Buffer; key: Buffer } | undefined {
  const { 'axon.tls.cert': cert, 'axon.tls.key': key } = flags
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    const message = `--axon.tls.${given} is given without --axon.tls.${missing}`
    throw new StarlingError('TLS_FILES', message, 'give both, or neither')
  }
  return { cert: read('--axon.tls.cert', cert), key: read('--axon.tls.key', key) }
}

function read(flag: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause)
    const message = `${flag} ${path} can’t be read: ${why}`
    throw new StarlingError('TLS_FILES', message, 'give a PEM file that this user may read', { cause })
  }
}
