import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { definitionsOf } from './metrics/definitions.ts'
import { renderMetrics } from './metrics/render.ts'

const PAGE = 'docs/metrics.md'

export const command = new Command('metrics')
  .description(`Writes ${PAGE} from the series that miner and validator have.`)
  .option('--check', 'write nothing, and fail where the page is stale', false)
  .action(async ({ check }: { check: boolean }) => {
    const folder = mkdtempSync(join(tmpdir(), 'starling-metrics-'))
    const page = renderMetrics(definitionsOf(folder))
    rmSync(folder, { recursive: true })
    const isCurrent = page === (await readFile(PAGE, 'utf8').catch(() => undefined))
    if (check && !isCurrent) {
      throw new StarlingError('METRICS_STALE', `${PAGE} is not what the code has`, 'npm run metrics')
    }
    if (!isCurrent) await writeFile(PAGE, page)
    process.stdout.write(`${PAGE} ${isCurrent ? 'is up to date' : 'written'}\n`)
  })

if (isMain(import.meta.url)) await runCli(command, process.argv)
