import { Command } from 'commander'
import type { SettingsEdge } from './add-settings.ts'
import { CONFIG_KEY, readConfigFile } from './config-file.ts'
import { renderReport, reportSections, reportSettings, strayVariables } from './report.ts'
import { type SettingsSchema, settingsOf } from './setting.ts'

interface ConfigFlags {
  json?: boolean
}

/** Where `config` writes: results, and what is only worth a remark. */
export interface ConfigOutput {
  readonly result: (line: string) => void
  readonly remark: (line: string) => void
}

/** `config show` and `config check` of the command that it is added to, which holds the settings. */
export function configCommand(
  schema: SettingsSchema,
  output: ConfigOutput,
  { env = process.env, sections = {}, readText }: SettingsEdge = {},
): Command {
  const settings = settingsOf(schema)
  const read = (path: string) => readConfigFile(path, settings, sections, readText)
  const show = new Command('show')
    .description('Print every setting with what it comes from: flag, environment, file or default.')
    .option('--json', 'as JSON')
    .action(({ json }: ConfigFlags, self: Command) => {
      const program = self.parent!.parent!
      const path: unknown = program.getOptionValue(CONFIG_KEY)
      const file = typeof path === 'string' ? read(path) : undefined
      const rows = [...reportSettings(program, settings), ...reportSections(sections, file)]
      output.result(json === true ? JSON.stringify(rows, undefined, 2) : renderReport(rows))
      for (const line of strayVariables(settings, env)) output.remark(line)
    })
  const check = new Command('check')
    .description('Say whether a file can be given to --config.')
    .argument('<file>', 'JSON')
    .option('--json', 'as JSON')
    .action((path: string, { json }: ConfigFlags) => {
      const { values, sections: found } = read(path)
      const keys = [...values.keys(), ...[...found].flatMap(([name, held]) => keysIn(name, held))]
      const line = `${path} is valid: ${keys.length === 0 ? 'it sets nothing' : `it sets ${keys.join(', ')}`}`
      output.result(json === true ? JSON.stringify({ path, ok: true, keys }) : line)
    })
  return new Command('config')
    .description('Look at the settings of this program.')
    .addCommand(show.configureHelp({ showGlobalOptions: true }))
    .addCommand(check)
}

function keysIn(section: string, held: unknown): string[] {
  return Object.keys(held as object).map((key) => `${section}.${key}`)
}
