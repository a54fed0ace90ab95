import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { renderLimits } from './limits/render.ts'

const PAGE = 'docs/limits.md'

export const command = new Command('limits')
  .description(`Writes ${PAGE} from the limits in shared/protocol.`)
  .option('--check', 'write nothing, and fail where the page is stale', false)
  .action(async ({ check }: { check: boolean }) => {
    const page = `${renderLimits()}\n`
    const isCurrent = page === (await readFile(PAGE, 'utf8').catch(() => undefined))
    if (check && !isCurrent)
      throw new StarlingError('LIMITS_STALE', `${PAGE} is not what the code says`, 'npm run limits')
    if (!isCurrent) await writeFile(PAGE, page)
    process.stdout.write(`${PAGE} ${isCurrent ? 'is up to date' : 'written'}\n`)
  })

if (isMain(import.meta.url)) await runCli(command, process.argv)
