import type { UidWeights } from '../chain-client.ts'
import type { WeightFacts } from './facts.ts'
import {
  enoughStake,
  HASH_COMMIT_RULES,
  REVEAL_RULES,
  type Rule,
  SET_RULES,
  TIMELOCKED_RULES,
} from './rules.ts'

/** How weights get on the chain. */
export type PublicationKind = 'plain' | 'hash-commit' | 'timelocked'

export interface WeightCheck {
  rule: string
  /** The chain's name for its refusal. */
  error: string
  /** Which transaction meets it: the call itself, or the opening of what it commits to. */
  at: 'call' | 'reveal'
  passed: boolean
  detail: string
}

export interface WeightPlan {
  /** In the order in which the chain checks: the first that fails names the error that the chain would give. */
  checks: readonly WeightCheck[]
  /** Blocks after which every rule passes: 0 for now, 'unknown' when one that fails depends on others. */
  waitBlocks: number | 'unknown'
  /** What to publish once all rules pass; undefined when nobody has a weight, or there is no subnet. */
  publication: ({ kind: PublicationKind; versionKey: bigint } & UidWeights) | undefined
}

/**
 * What the chain would say to these weights in the next block, rule by rule, and how to publish them. Pure: it knows what
 * `facts` say, no more, so that what passes on facts of the newest block passes on the chain.
 */
export function planWeights(facts: WeightFacts): WeightPlan {
  const kind = kindOf(facts)
  const { call, reveal } = RULES[kind]
  const found = [
    ...call.map((rule) => look(rule, 'call', facts)),
    ...reveal.map((rule) => look(rule, 'reveal', facts)),
  ]
  const { uids, weights, versionKey } = facts
  const isEmpty = !weights.some((weight) => weight > 0)
  return {
    checks: found.map(({ check }) => check),
    waitBlocks: found.some(({ wait }) => wait === 'unknown')
      ? 'unknown'
      : Math.max(...found.map(({ wait }) => Number(wait))),
    publication: isEmpty || facts.subnet === undefined ? undefined : { kind, uids, weights, versionKey },
  }
}

/** The checks that committed weights would meet if they were opened in the next block. */
export function planReveal(facts: WeightFacts): readonly WeightCheck[] {
  return [enoughStake, ...REVEAL_RULES].map((rule) => look(rule, 'reveal', facts).check)
}

/** The first check that fails; undefined when the chain takes the weights. */
export function firstFailure({ checks }: WeightPlan): WeightCheck | undefined {
  return checks.find(({ passed }) => !passed)
}

const RULES: Readonly<Record<PublicationKind, { call: readonly Rule[]; reveal: readonly Rule[] }>> = {
  plain: { call: SET_RULES, reveal: [] },
  'hash-commit': { call: HASH_COMMIT_RULES, reveal: REVEAL_RULES },
  timelocked: { call: TIMELOCKED_RULES, reveal: REVEAL_RULES },
}

function kindOf({ subnet }: WeightFacts): PublicationKind {
  if (subnet === undefined || !subnet.rules.commitReveal) return 'plain'
  return subnet.rules.commitScheme === 'hash' ? 'hash-commit' : 'timelocked'
}

function look(rule: Rule, at: WeightCheck['at'], facts: WeightFacts) {
  const { passed, detail, waitBlocks } = rule.check(facts)
  const wait = passed ? 0 : (waitBlocks ?? 'unknown')
  return { check: { rule: rule.name, error: rule.error, at, passed, detail }, wait }
}
