import type { ConfigOutput } from './config-command.ts'

/** Results go to stdout, remarks to stderr, so that `--json` can be piped. */
export const standardOutput: ConfigOutput = {
  result: (line) => process.stdout.write(`${line}\n`),
  remark: (line) => process.stderr.write(`${line}\n`),
}
