import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['miner', 'validator', 'shared', 'scripts']

/** A place where an error is made. */
export interface ThrownAt {
  readonly code: string
  /** From the project’s root. */
  readonly file: string
  /** What the error tells its reader to do, with … for what differs; undefined where that is computed, or nothing is said. */
  readonly remedy: string | undefined
}

/** What the sources of the project throw. */
export interface Scan {
  readonly thrown: readonly ThrownAt[]
  /** Places whose code is computed, as `file: expression`: each must be in {@link KNOWN_COMPUTED}. */
  readonly computed: readonly string[]
}

/** Functions of ours that take a code and make the error, and which argument the code is, from 0. */
const MAKERS: Readonly<Record<string, number>> = { refuse: 1, other: 0, parseJsonFile: 2 }

/** Places that pass a code on which another place gave, or which the chain’s runtime names. */
export const KNOWN_COMPUTED: readonly string[] = [
  'scripts/bench/swarm/simulate/workers/play-all.ts: code',
  'shared/chain/substrate/rejection.ts: codeOf(name)',
  'shared/dispute/file-fields.ts: code',
  'shared/dispute/referee.ts: FAULT',
  'shared/inference/engine/supervisor.ts: code',
  'shared/protocol/upgrade-guard.ts: code',
  'shared/similarity/calibration.ts: code',
]

const CODE = /'([A-Z][A-Z0-9_]+)'/g

/** Reads every source file of the project. */
export function scanSources(root: string): Scan {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      // This folder speaks of errors, and throws none.
      .filter((file) => file.endsWith('.ts') && !file.startsWith('errors/'))
      .map((file) => join(folder, file)),
  )
  const scans = files.sort().map((file) => scanText(file, readFileSync(join(root, file), 'utf8')))
  return {
    thrown: scans.flatMap(({ thrown }) => thrown),
    computed: scans.flatMap(({ computed }) => computed),
  }
}

/** Finds what one file throws. */
export function scanText(file: string, text: string): Scan {
  const thrown: ThrownAt[] = []
  const computed: string[] = []
  const take = (expression: string, remedy: string | undefined) => {
    const codes = [...expression.matchAll(CODE)].map(([, code]) => code!)
    for (const code of codes) thrown.push({ code, file, remedy })
    return codes.length > 0
  }
  for (const { index } of text.matchAll(/new StarlingError\(/g)) {
    const [code = '', , remedy = ''] = argumentsAt(text, index + 'new StarlingError('.length)
    if (!take(code, remedyOf(text, index, remedy))) computed.push(`${file}: ${code}`)
  }
  for (const [name, at] of Object.entries(MAKERS)) {
    for (const { index } of text.matchAll(new RegExp(`(?<!function )\\b${name}\\(`, 'g'))) {
      const given = argumentsAt(text, index + name.length + 1)
      const code = given[at] ?? ''
      if (/^'[A-Z0-9_]+'$/.test(code)) take(code, literal(given[at + 2] ?? ''))
    }
  }
  return { thrown, computed }
}

/** The arguments of a call whose first begins at `from`, as they stand in the source. */
function argumentsAt(text: string, from: number): string[] {
  const found: string[] = []
  let depth = 0
  let start = from
  for (let at = from; at < text.length; at++) {
    const character = text[at]!
    if (/['"`]/.test(character)) {
      at = endOfText(text, at)
      continue
    }
    if (/[([{]/.test(character)) depth++
    const ends = depth === 0 && /[,)]/.test(character)
    if (ends) {
      found.push(text.slice(start, at).trim())
      start = at + 1
      if (character === ')') return found
    }
    if (/[)\]}]/.test(character)) depth--
  }
  return found
}

/** Where the text in quotes that begins at `from` ends. */
function endOfText(text: string, from: number): number {
  const quote = text[from]
  let at = from + 1
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
  return at
}

/** A remedy that stands in the call, or in the constant that the call names: the nearest before it, else the file's. */
function remedyOf(text: string, call: number, source: string): string | undefined {
  if (!/^\w+$/.test(source)) return literal(source)
  const declared = [...text.matchAll(new RegExp(`const ${source} =\\s*`, 'g'))]
  const { index, 0: match } = declared.findLast(({ index }) => index < call) ?? declared[0] ?? {}
  if (index === undefined || match === undefined) return undefined
  const from = index + match.length
  return literal(text.slice(from, endOfText(text, from) + 1))
}

/** A text in quotes without them, what is put in as …; undefined for anything else. */
function literal(source: string): string | undefined {
  if (!/^(['"`]).*\1$/s.test(source)) return undefined
  return source
    .slice(1, -1)
    .replaceAll(/\$\{[^}]*\}/g, '…')
    .replaceAll(/\\(.)/g, '$1')
}
