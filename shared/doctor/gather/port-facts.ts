import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import { createServer } from 'node:net'
import type { PortState } from '../checks/port.ts'

const ASK_MS = 3_000
/** What an axon says to whoever does not ask for an upgrade. */
const UPGRADE_REQUIRED = 426

/** Tries to listen, and lets go again. */
export async function portState(ip: string, port: number): Promise<PortState> {
  const code = await listenError(ip, port)
  if (code === undefined) return { kind: 'free' }
  if (code !== 'EADDRINUSE') return { kind: 'refused', code }
  const host = ip === '0.0.0.0' ? '127.0.0.1' : ip === '::' ? '::1' : ip
  return { kind: (await answersAsAxon(host, port)) ? 'axon' : 'taken' }
}

/** True where a server, with TLS or without, asks to be upgraded. */
export async function answersAsAxon(ip: string, port: number): Promise<boolean> {
  const [plain, sealed] = await Promise.all([statusOf(getHttp, ip, port), statusOf(getHttps, ip, port)])
  return plain === UPGRADE_REQUIRED || sealed === UPGRADE_REQUIRED
}

function listenError(ip: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? String(error)))
    server.listen(port, ip, () => server.close(() => resolve(undefined)))
  })
}

function statusOf(
  get: typeof getHttp | typeof getHttps,
  ip: string,
  port: number,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    // Whose certificate it is does not matter here: nothing is told to it.
    const options = {
      host: ip,
      port,
      signal: AbortSignal.timeout(ASK_MS),
      agent: false,
      rejectUnauthorized: false,
    }
    const request = get(options, (response) => {
      response.destroy()
      resolve(response.statusCode)
    })
    request.on('error', () => resolve(undefined))
  })
}
