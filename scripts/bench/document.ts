import { readFile, writeFile } from 'node:fs/promises'
import { StarlingError } from '../../shared/process/errors.ts'

/**
 * Writes tables into a page, each between `<!-- NAME -->` and `<!-- /NAME -->`, in place of what stood there.
 * @throws StarlingError BENCH_DOCUMENT where the page can't be read, or has no place for a table
 */
export async function writeTables(path: string, tables: Readonly<Record<string, string>>): Promise<void> {
  const problem = (what: string, cause?: unknown) =>
    new StarlingError('BENCH_DOCUMENT', `${path} ${what}`, 'name a page with the marks of all tables', {
      cause,
    })
  const page = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw problem('can’t be read', cause)
  })
  const filled = fillTables(page, tables)
  if ('missing' in filled) throw problem(`has no place for the table ${filled.missing}`)
  await writeFile(path, filled.page)
}

/** The page with its tables, or the first that it has no place for. */
export function fillTables(
  page: string,
  tables: Readonly<Record<string, string>>,
): { readonly page: string } | { readonly missing: string } {
  let filled = page
  for (const [name, table] of Object.entries(tables)) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [filled.indexOf(start), filled.indexOf(end)]
    if (from === -1 || to < from) return { missing: name }
    filled = `${filled.slice(0, from)}${start}\n\n${table}\n\n${filled.slice(to)}`
  }
  return { page: filled }
}
