import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { StarlingError } from '../../process/errors.ts'
import { type Registry, registrySchema } from './registry.ts'

export interface RegistryFile {
  readonly registry: Registry
  /** 0x and SHA-256 of the file, so that two operators can tell whether they follow one registry. */
  readonly hash: string
}

/** Reads a registry. @throws StarlingError REGISTRY_MISSING, REGISTRY_INVALID */
export async function readRegistry(path: string): Promise<RegistryFile> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (cause) {
    throw new StarlingError(
      'REGISTRY_MISSING',
      `can’t read the registry of declared models, ${path}`,
      'write it with npm run registry, or name another with --registry',
      { cause },
    )
  }
  return {
    registry: parseRegistry(path, bytes),
    hash: `0x${createHash('sha256').update(bytes).digest('hex')}`,
  }
}

function parseRegistry(path: string, bytes: Uint8Array): Registry {
  const invalid = (what: string) =>
    new StarlingError('REGISTRY_INVALID', `${path}: ${what}`, 'correct it, or write it with npm run registry')
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw invalid('is not JSON')
  }
  const parsed = registrySchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw invalid(`${issue.path.join('.') || 'the file'}: ${issue.message}`)
}
