import { writeFile } from 'node:fs/promises'
import { formatCase } from '../../shared/dispute/case-file.ts'
import { type CaseChoice, cutCase } from './cut-case.ts'
import { print, readText } from './output.ts'

/** Writes the case of one answer of a published round. */
export async function runCut(path: string, flags: CaseChoice & { readonly out: string }): Promise<void> {
  const dispute = await cutCase(Buffer.from(await readText(path), 'utf8'), flags)
  await writeFile(flags.out, formatCase(dispute))
  print([`case         ${flags.out}: token ${dispute.position} of ${dispute.tokens.length}`])
}
