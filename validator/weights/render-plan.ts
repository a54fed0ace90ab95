import type { DryRun } from './dry-run.ts'

/** A dry run for a terminal: one line for each rule. */
export function renderPlan(plan: DryRun): string {
  const { checks, call, notes } = plan
  const width = Math.max(...checks.map(({ rule }) => rule.length))
  const rules = checks.map(({ passed, rule, detail, error, at }) => {
    const when = at === 'reveal' ? ', when it is revealed' : ''
    const verdict = passed
      ? `pass  ${rule.padEnd(width)}  ${detail}`
      : `FAIL  ${rule.padEnd(width)}  ${detail} (${error}${when})`
    return verdict
  })
  return [
    `subnet ${plan.netuid}, hotkey ${plan.hotkey}, block ${plan.block}, ${plan.round < 0 ? 'no scores' : `scores of round ${plan.round}`}`,
    ...rules,
    `wait  ${waitText(plan.waitBlocks)}`,
    ...(call === undefined
      ? ['call  none: nobody has a weight']
      : [
          `call  ${call.pallet}.${call.name}`,
          ...Object.entries(call.args).map(([name, value]) => `      ${name}: ${shown(value)}`),
          `      ${plan.encoded}`,
        ]),
    ...(plan.kind === 'hash-commit' || plan.kind === 'timelocked'
      ? [
          `hides uids ${shown(plan.uids)}, weights ${shown(plan.weights)}; secrets are drawn anew when it is made`,
        ]
      : []),
    ...notes.map((note) => `note  ${note}`),
  ].join('\n')
}

function waitText(waitBlocks: DryRun['waitBlocks']): string {
  if (waitBlocks === 'unknown') return 'unknown: a rule fails that time alone does not mend'
  return waitBlocks === 0 ? '0 blocks' : `${waitBlocks} ${waitBlocks === 1 ? 'block' : 'blocks'}`
}

function shown(value: number | string | readonly number[]): string {
  return typeof value === 'object' ? `[${value.join(', ')}]` : String(value)
}
