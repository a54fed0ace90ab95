import { get } from 'node:http'
import { z } from 'zod'
import type { Running } from './report.ts'

const ASK_MS = 3_000
const MOST_BYTES = 1_000_000

/** Of all that a miner's /status.json holds, what is shown. */
const schema = z.object({
  program: z.literal('miner'),
  upSeconds: z.number(),
  ready: z.boolean(),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  sessions: z.union([z.number(), z.array(z.unknown()).transform((sessions) => sessions.length)]),
})

/** Asks the miner that runs on this machine, if one does. Never throws. */
export async function askRunning(ip: string, port: number): Promise<Running> {
  const where = `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}`
  try {
    const parsed = schema.safeParse(JSON.parse(await textOf(`${where}/status.json`)))
    if (!parsed.success) return { error: `what answers at ${where} is no miner of this version` }
    const { upSeconds, ready, reasons, sessions } = parsed.data
    return { upSeconds, ready, sessions, reasons: reasons.map(({ code, message }) => `${code}: ${message}`) }
  } catch {
    return { error: `no miner answers at ${where} (--status.port)` }
  }
}

function textOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(ASK_MS) }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MOST_BYTES) request.destroy(new Error('too long'))
        else chunks.push(chunk)
      })
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}
