import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { asJson, challengeOf } from './payload.ts'
import { readTask, serveRuns } from './side.ts'

/** What is used of undici, which is no dependency of this project. */
interface Undici {
  readonly Pool: new (
    origin: string,
    options: { readonly connections: number; readonly pipelining: number },
  ) => {
    request(options: {
      readonly path: string
      readonly method: 'POST'
      readonly headers: Record<string, string>
      readonly body: string
    }): Promise<{ readonly statusCode: number; readonly body: { json(): Promise<unknown> } }>
  }
}

const { frameBytes, port, inFlight, install, pipelining = 1 } = readTask()
const entry = pathToFileURL(join(install ?? '', 'node_modules/undici/index.js')).href
const { Pool } = ((await import(entry)) as { default: Undici }).default
const pool = new Pool(`http://127.0.0.1:${port}`, { connections: inFlight / pipelining, pipelining })
const challenge = asJson(challengeOf(frameBytes))
const headers = { 'content-type': 'application/json' }

await serveRuns(inFlight, async () => {
  const body = JSON.stringify(challenge)
  const answer = await pool.request({ path: '/challenge', method: 'POST', headers, body })
  if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
  return answer.body.json()
})
