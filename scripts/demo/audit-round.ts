import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Clock } from '../../shared/process/clock.ts'
import type { Expectation } from './facts.ts'
import type { PublishedRound } from './published.ts'

const PROJECT = join(import.meta.dirname, '..', '..')
/** Far above what a round takes. */
const DEADLINE_MS = 60_000

/** Audits a published round as anybody could, in a process of its own, from its file and the models alone. */
export async function auditRound(
  validator: string,
  published: PublishedRound | undefined,
  { clock, say }: { readonly clock: Clock; readonly say: (line: string) => void },
): Promise<Expectation> {
  const name = `a round of ${validator} holds in an audit of its file`
  if (published === undefined) return { name, ok: false, detail: 'no round was published' }
  const { round, file } = published
  const begun = clock.monotonic()
  const { ok, output } = await run(['audit', file])
  const seconds = ((clock.monotonic() - begun) / 1000).toFixed(1)
  const passed = output.match(/^pass /gm)?.length ?? 0
  const failed = /^FAIL.*$/m.exec(output)?.[0]
  const detail = ok
    ? `round ${round}: ${passed} checks in ${seconds} s`
    : `round ${round}: ${failed ?? output.trim().split('\n').at(-1)}`
  // Of a report without a fault the line in the checklist is enough.
  say(ok ? `audit of a published round: ${detail}` : output.trimEnd())
  return { name, ok, detail }
}

function run(args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const command = ['--import', 'tsx', join(PROJECT, 'scripts', 'starling.ts'), ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: PROJECT, timeout: DEADLINE_MS }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: error === null ? stdout : `${stdout}${stderr}` }),
    )
  })
}
