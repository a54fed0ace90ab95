import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectChain } from '../../shared/chain/substrate-client.ts'
import { parseRecord } from '../../shared/dispute/record.ts'
import type { ReferenceEvaluator } from '../../shared/inference/reference/evaluate.ts'
import { lazyEvaluator } from '../../shared/inference/reference/lazy-evaluator.ts'
import { readRegistry } from '../../shared/inference/registry/read-registry.ts'
import { REGISTRY_FILE } from '../../shared/inference/registry/registry.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { StarlingError } from '../../shared/process/errors.ts'
import { silentLog } from '../../shared/process/logging.ts'
import { printableLine } from '../../shared/process/printable.ts'
import { type Step, silentStep } from '../../shared/process/step.ts'
import { parsePlants } from '../../shared/proof/plants/plants-file.ts'
import { auditFile, type ExtraCheck } from './audit-file.ts'
import { disputesCheck } from './checks/disputes.ts'
import { blocksOnChain, neuronsOnChain, sealOnChain } from './checks/node.ts'
import { oneAnchorOnChain } from './checks/one-anchor.ts'
import { plantsCheck } from './checks/plants.ts'
import type { AuditFlags } from './command.ts'
import { linkCheck } from './links.ts'
import { startAuditModels } from './models.ts'
import type { RoundFile } from './read-round.ts'
import { type AuditReport, isClean, renderReport } from './report.ts'

/**
 * Audits files and prints what was found, each file's report under its name. A file that takes long is a step.
 * @throws StarlingError AUDIT_FAILED when a check fails, AUDIT_UNREADABLE, MODEL_…, AUDIT_CLASS, CHAIN_…
 */
export async function runAudit(
  files: readonly string[],
  flags: AuditFlags,
  write: (text: string) => void,
  step: Step = silentStep,
): Promise<void> {
  const { models: folder, threads } = flags
  const models =
    folder === false ? undefined : (file: RoundFile) => startAuditModels(file, folder, startEngine, threads)
  const reports: (AuditReport & { readonly file: string })[] = []
  await withChecks(flags, async (extra) => {
    let earlier: Uint8Array | undefined
    for (const [i, path] of files.entries()) {
      const bytes = await read(path)
      const what = printableLine(`auditing ${path}, ${i + 1} of ${files.length}`)
      const report = await step(what, () => auditFile(bytes, { models, extra }))
      const links = earlier === undefined ? [] : [linkCheck(earlier, bytes)]
      reports.push({ file: path, ...report, checks: [...report.checks, ...links] })
      earlier = bytes
    }
  })
  write(flags.json === true ? `${JSON.stringify(reports, undefined, 2)}\n` : reports.map(render).join('\n'))
  failOn(reports)
}

/** The checks beyond those of every audit, while what they need is open. */
async function withChecks(
  flags: AuditFlags,
  work: (extra: readonly ExtraCheck[]) => Promise<void>,
): Promise<void> {
  const { 'subtensor.chain_endpoint': endpoint, plants } = flags
  const planted =
    plants === undefined ? [] : [plantsCheck(parsePlants((await read(plants)).toString(), plants))]
  const evaluator = lazyEvaluator()
  const chain = endpoint === undefined ? undefined : await connectChain({ endpoint, log: silentLog() })
  try {
    const disputed = await disputesOf(flags, evaluator)
    const onChain =
      chain === undefined
        ? []
        : [blocksOnChain(chain), neuronsOnChain(chain), oneAnchorOnChain(chain), sealOnChain(chain)]
    await work([...onChain, ...planted, ...disputed])
  } finally {
    await chain?.close()
    await evaluator.close()
  }
}

/** The check of what disputes settled, where records of some are given. */
async function disputesOf(
  { disputes, models }: AuditFlags,
  { evaluate }: ReferenceEvaluator,
): Promise<ExtraCheck[]> {
  if (disputes === undefined) return []
  const { registry } = await readRegistry(join(models === false ? 'models' : models, REGISTRY_FILE))
  const records = await Promise.all(disputes.map(async (path) => parseRecord((await read(path)).toString())))
  return [disputesCheck(records, { registry, evaluate })]
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const remedy = 'name a file that is there'
    throw new StarlingError('AUDIT_UNREADABLE', `cannot read ${path}: ${String(cause)}`, remedy, { cause })
  }
}

function render({ file, ...report }: AuditReport & { readonly file: string }): string {
  const { round, validator } = report
  const whose = round === undefined ? '' : `: round ${round} of ${validator}`
  return `${[printableLine(`${file}${whose}`), ...renderReport(report)].join('\n')}\n`
}

function failOn(reports: readonly (AuditReport & { readonly file: string })[]): void {
  const failed = reports.filter((report) => !isClean(report))
  if (failed.length === 0) return
  const what = failed.map(({ file, checks }) => {
    const names = checks.filter(({ status }) => status === 'failed').map(({ name }) => name)
    return `${file} at ${names.join(', ')}`
  })
  throw new StarlingError(
    'AUDIT_FAILED',
    `what was published does not hold: ${what.join('; ')}`,
    'compare with another copy of the file; if it is the validator’s own, the lines above are the evidence',
  )
}
