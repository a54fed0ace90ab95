import { readTlsFiles, type TlsFlags } from './tls-files.ts'

/** The flags that say where a program listens and what others dial. */
export interface ListenFlags extends TlsFlags {
  readonly 'axon.ip': string
  readonly 'axon.port': number
  readonly 'axon.external_ip'?: string
  readonly 'axon.external_port'?: number
  readonly 'axon.external_tls': boolean
}

/**
 * What those flags mean to an axon or a gate; reads the certificate.
 * @param noncesPath file of the upgrades that were accepted, which must not be accepted again
 * @throws StarlingError TLS_FILES
 */
export function listenSettings(flags: ListenFlags, noncesPath: string) {
  const { 'axon.external_ip': externalIp, 'axon.external_port': externalPort } = flags
  const tls = readTlsFiles(flags)
  return {
    ip: flags['axon.ip'],
    port: flags['axon.port'],
    externalTls: flags['axon.external_tls'],
    noncesPath,
    ...(externalIp === undefined ? {} : { externalIp }),
    ...(externalPort === undefined ? {} : { externalPort }),
    ...(tls === undefined ? {} : { tls }),
  }
}
