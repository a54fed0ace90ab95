import { SESSION_LIMITS } from './limits.ts'
import { type NonceFile, openNonceFile } from './nonce-file.ts'

/** The replay store of one listener, as large as the default limits ask. @throws as {@link openNonceFile} */
export function openListenerNonces(path: string): NonceFile {
  const { nonces: capacity, maxAgeMs, maxSkewMs } = SESSION_LIMITS
  return openNonceFile({ path, capacity, lifetimeMs: maxAgeMs + maxSkewMs })
}
