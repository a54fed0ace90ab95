import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** What is wrong with a request before anybody looks at its path; undefined when nothing is. */
export function refusalOf(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  hosts: readonly string[],
): { readonly status: number; readonly line: string } | undefined {
  if (method !== 'GET') return { status: 405, line: 'only GET is answered' }
  const host = hostOf(headers.host)
  if (host !== undefined && isKnown(host, hosts)) return undefined
  return { status: 421, line: 'this host name is not ours: add it with --status.hosts' }
}

/**
 * A page elsewhere can make a browser ask us under a name of its own that it points to this machine (DNS rebinding); the name
 * then stands in the Host header. An address cannot be pointed anywhere.
 */
function isKnown(host: string, hosts: readonly string[]): boolean {
  return isIP(host) !== 0 || host === 'localhost' || hosts.includes(host)
}

/** The host without its port, lower case; undefined where the header holds anything else. */
function hostOf(header: string | undefined): string | undefined {
  const [, bracketed, plain] = header?.match(/^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i) ?? []
  return (bracketed ?? plain)?.toLowerCase()
}
