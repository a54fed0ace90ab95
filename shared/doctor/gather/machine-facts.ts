import { readFile } from 'node:fs/promises'

/** Soft limit of open files of this process, which those started from the same shell share; undefined off Linux. */
export async function openFileLimit(): Promise<number | undefined> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1]
  if (soft === undefined) return undefined
  return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft)
}

/** Why modules do not load, by name: those with code for one kind of machine break when a folder is copied to another. */
export async function brokenModules(names: readonly string[]): Promise<Record<string, string>> {
  const tried = await Promise.all(
    names.map(async (name) => {
      try {
        await import(name)
        return []
      } catch (error) {
        return [[name, String(error).split('\n')[0]!] as const]
      }
    }),
  )
  return Object.fromEntries(tried.flat())
}
