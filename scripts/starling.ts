import { Command } from 'commander'
import { runCli } from '../shared/process/cli.ts'
import { auditCommand } from '../validator/audit-file/command.ts'
import { runAudit } from '../validator/audit-file/run-audit.ts'
import { refereeCommand } from './referee/command.ts'

const program = new Command('starling')
  .description('Tools for everybody: they need no key and no place on a subnet.')
  .addCommand(auditCommand((files, flags) => runAudit(files, flags, (text) => process.stdout.write(text))))
  .addCommand(refereeCommand())

await runCli(program, process.argv)
