import { MINER_CODES } from '../../miner/watch/readiness.ts'
import type { Definition } from '../../shared/process/metrics/create-metrics.ts'
import { VALIDATOR_CODES } from '../../validator/watch/readiness.ts'
import { INTRODUCTION, REASONS, WATCHDOG } from './introduction.ts'

/** docs/metrics.md. */
export function renderMetrics(definitions: {
  readonly miner: readonly Definition[]
  readonly validator: readonly Definition[]
}): string {
  const { miner, validator } = definitions
  const isShared = ({ name }: Definition) => miner.some((one) => one.name === name)
  const shared = validator.filter(isShared)
  const own = (all: readonly Definition[]) =>
    all.filter(({ name }) => !shared.some((one) => one.name === name))
  return [
    `${INTRODUCTION}${reasonsTable()}${WATCHDOG}`,
    seriesTable('Series of both programs', shared),
    seriesTable('Series of a validator', own(validator)),
    seriesTable('Series of a miner', own(miner)),
  ].join('\n')
}

function reasonsTable(): string {
  const codes = [...new Set([...VALIDATOR_CODES, ...MINER_CODES])]
  const rows = codes.map((code) => {
    const { when, act } = REASONS[code] ?? { when: '', act: '' }
    return `| \`${code}\` | ${when} | ${act} |`
  })
  return `| reason | when | what to do |\n|---|---|---|\n${rows.join('\n')}\n`
}

function seriesTable(title: string, definitions: readonly Definition[]): string {
  const rows = definitions.map(({ name, type, help, labels }) => {
    const described = Object.entries(labels).map(([label, values]) => `\`${label}\`: ${values}`)
    return `| \`${name}\` | ${type} | ${help} | ${described.join('; ')} |`
  })
  return `\n## ${title}\n\n| series | type | what it is | labels |\n|---|---|---|---|\n${rows.join('\n')}\n`
}
