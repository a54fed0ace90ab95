import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { StarlingError } from '../shared/process/errors.ts'
import { isMain } from '../shared/process/is-main.ts'
import { renderConfiguration } from './configuration/render.ts'

const PAGE = 'docs/configuration.md'

export const command = new Command('configuration')
  .description(`Writes ${PAGE} from the settings of miner and validator.`)
  .option('--check', 'write nothing, and fail where the page is stale', false)
  .action(async ({ check }: { check: boolean }) => {
    const page = `${renderConfiguration()}\n`
    const isCurrent = page === (await readFile(PAGE, 'utf8').catch(() => undefined))
    if (check && !isCurrent) {
      throw new StarlingError(
        'CONFIGURATION_STALE',
        `${PAGE} is not what the settings say`,
        'npm run configuration',
      )
    }
    if (!isCurrent) await writeFile(PAGE, page)
    process.stdout.write(`${PAGE} ${isCurrent ? 'is up to date' : 'written'}\n`)
  })

if (isMain(import.meta.url)) await runCli(command, process.argv)
