import { MEANINGS } from './meanings.ts'
import type { ThrownAt } from './scan.ts'

/** Which part of the page a file's errors stand in: the first that fits. */
const PARTS: readonly (readonly [title: string, paths: readonly string[]])[] = [
  ['Wallets', ['shared/chain/wallet/', 'scripts/wallet.ts', 'scripts/coldkey/', 'shared/chain/tao.ts']],
  ['The devnet and its runtime', ['shared/chain/devnet/', 'scripts/devnet.ts', 'scripts/chain/']],
  ['The chain', ['shared/chain/', 'shared/dialling/', 'miner/registration.ts']],
  ['Connections', ['shared/protocol/', 'validator/round/offline-session.ts']],
  ['Disputes', ['shared/dispute/', 'scripts/referee/']],
  [
    'Models and engines',
    ['shared/inference/', 'shared/similarity/', 'shared/proof/', 'scripts/export.ts', 'scripts/registry.ts'],
  ],
  ['Programs and their settings', ['shared/process/', 'scripts/configuration', 'scripts/errors']],
  ['The miner', ['miner/']],
  ['The validator, and audits', ['validator/', 'shared/consensus/']],
  ['Tools of this repository', ['scripts/', '']],
]

/** Most files that are named of one error. */
const SHOWN = 3

const INTRODUCTION = `# Errors

<!-- Written by \`npm run errors\` from the code, and from scripts/errors/meanings.ts; a test compares. -->

A program that cannot go on says so in one line, \`error CODE: what happened; what to do\`, and ends with exit code 1, or 2 for a wrong
command line. The code is stable: search for it here, or match it in an alert. In a log the same line stands in the field \`error\`. Where
a remedy differs with what happened, the table leaves it to the line itself; … stands for a name or a number.

The chain’s own refusals come as \`CHAIN_\` and the runtime’s name for them, such as \`CHAIN_SETTING_WEIGHTS_TOO_FAST\`:
[weights.md](weights.md) has those that weights meet. Codes of \`/readyz\` are in [metrics.md](metrics.md).`

/** Codes that are thrown and have no sentence, and sentences for codes that nobody throws. */
export function undocumented(thrown: readonly ThrownAt[]): { missing: string[]; unused: string[] } {
  const codes = new Set(thrown.map(({ code }) => code))
  return {
    missing: [...codes].filter((code) => !Object.hasOwn(MEANINGS, code)).sort(),
    unused: Object.keys(MEANINGS).filter((code) => !codes.has(code)),
  }
}

/** docs/errors.md. */
export function renderErrors(thrown: readonly ThrownAt[]): string {
  const byCode = new Map<string, ThrownAt[]>()
  for (const place of thrown) byCode.set(place.code, [...(byCode.get(place.code) ?? []), place])
  const codes = [...byCode.keys()].sort()
  const titleOf = (code: string) => partOf(byCode.get(code)!)
  const sections = PARTS.map(([title]) => {
    const rows = codes.filter((code) => titleOf(code) === title).map((code) => rowOf(code, byCode.get(code)!))
    return [`## ${title}`, '', '| code | meaning | what to do | from |', '|---|---|---|---|', ...rows].join(
      '\n',
    )
  })
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`
}

/** The most particular part that one of its places is in. */
function partOf(places: readonly ThrownAt[]): string {
  const found = PARTS.find(([, paths]) =>
    places.some(({ file }) => paths.some((path) => file.startsWith(path))),
  )
  return found![0]
}

function rowOf(code: string, places: readonly ThrownAt[]): string {
  const remedies = [...new Set(places.flatMap(({ remedy }) => remedy ?? []))]
  const files = [...new Set(places.map(({ file }) => file))]
  const more = files.length > SHOWN ? ` and ${files.length - SHOWN} more` : ''
  const from = `${files
    .slice(0, SHOWN)
    .map((file) => `\`${file}\``)
    .join(', ')}${more}`
  const cells = [`\`${code}\``, MEANINGS[code] ?? '', remedies.join('; or: '), from]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
}
