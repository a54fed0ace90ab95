import { type Finding, failure, ok, warning } from '../finding.ts'

/** Sockets of a full axon, files of the models, and what Node itself holds. */
const WANTED_FILES = 1024
const LEAST_FILES = 256
const MIB = 2 ** 20

/** @param wanted `>=20.19`, as package.json has it */
export function checkNode(version: string, wanted: string): Finding {
  const name = 'node'
  const [major = 0, minor = 0] = numbers(version)
  const [wantedMajor = 0, wantedMinor = 0] = numbers(wanted)
  const isEnough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
  if (isEnough) return ok(name, `version ${version}`)
  return failure(name, `version ${version}, and ${wanted} is needed`, 'install a newer Node from nodejs.org')
}

/** @param broken of the native modules that were tried, by name with the reason */
export function checkModules(tried: readonly string[], broken: Readonly<Record<string, string>>): Finding {
  const name = 'install'
  const [first] = Object.entries(broken)
  if (first === undefined) return ok(name, `${tried.join(', ')} load`)
  return failure(name, `${first[0]} does not load: ${first[1]}`, 'run npm ci again, on this machine')
}

/** @param soft limit of open files; undefined where the system does not tell */
export function checkOpenFiles(soft: number | undefined): Finding {
  const name = 'open files'
  if (soft === undefined) return ok(name, 'the limit is not told on this system')
  const remedy = 'raise it: ulimit -n 4096, or LimitNOFILE= in the unit'
  if (soft < LEAST_FILES) return failure(name, `limit ${soft}, and ${LEAST_FILES} are opened`, remedy)
  if (soft < WANTED_FILES) return warning(name, `limit ${soft}; a full subnet needs ${WANTED_FILES}`, remedy)
  return ok(name, `limit ${soft}`)
}

export interface MemoryFacts {
  /** Bytes that this process and its children may still take. */
  readonly available: number
  /** Bytes of all weights that are held, as they lie on disk. */
  readonly weights: number
  /** How many times that the engine takes for them. */
  readonly factor: number
}

/** Of Node, the chain's client and the keys and values of answers under way. */
const BASE_BYTES = 400 * MIB

export function checkMemory({ available, weights, factor }: MemoryFacts): Finding {
  const name = 'memory'
  const need = BASE_BYTES + weights * factor
  const found = `${mib(available)} available, about ${mib(need)} needed`
  const remedy = 'stop other programs, or serve a smaller model, or --precision q4b32a8'
  if (available < need) return failure(name, found, remedy)
  if (available < need * 1.5) return warning(name, `${found}: little room`, remedy)
  return ok(name, found)
}

const mib = (bytes: number) => `${Math.round(bytes / MIB).toLocaleString('en')} MiB`

function numbers(version: string): number[] {
  return version
    .replace(/^[^0-9]+/, '')
    .split('.')
    .map(Number)
}
