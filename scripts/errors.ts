import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { renderErrors, undocumented } from './errors/render.ts'
import { scanSources } from './errors/scan.ts'

const PAGE = 'docs/errors.md'

export const command = new Command('errors')
  .description(`Writes ${PAGE} from what the code throws.`)
  .option('--check', 'write nothing, and fail where the page is stale', false)
  .action(async ({ check }: { check: boolean }) => {
    const { thrown } = scanSources(join(import.meta.dirname, '..'))
    const { missing } = undocumented(thrown)
    if (missing.length > 0) {
      const remedy = 'add a sentence to scripts/errors/meanings.ts'
      throw new StarlingError('ERRORS_UNDOCUMENTED', `no meaning of ${missing.join(', ')}`, remedy)
    }
    const page = renderErrors(thrown)
    const isCurrent = page === (await readFile(PAGE, 'utf8').catch(() => undefined))
    if (check && !isCurrent) {
      throw new StarlingError('ERRORS_STALE', `${PAGE} is not what the code throws`, 'npm run errors')
    }
    if (!isCurrent) await writeFile(PAGE, page)
    process.stdout.write(
      `${PAGE} ${isCurrent ? 'is up to date' : 'written'}: ${new Set(thrown.map(({ code }) => code)).size} codes\n`,
    )
  })

if (isMain(import.meta.url)) await runCli(command, process.argv)
