import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * Arguments for Node with which a forked process reads TypeScript. Newer versions of Node do so by themselves, and start
 * faster without a loader; a bundled program has none.
 */
export function typescriptLoader(entry: URL): string[] {
  if (!entry.pathname.endsWith('.ts')) return []
  if ((process.features as { typescript?: unknown }).typescript) return []
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
}
