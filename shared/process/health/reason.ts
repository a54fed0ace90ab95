/** Why a program is not ready: a stable code, and one line for a person. */
export interface Reason {
  readonly code: string
  readonly message: string
}

/** A rule that says nothing while all is well. */
export type Rule<Facts> = (facts: Facts) => Reason | undefined

/** What keeps a program from being ready, in the order of its rules; empty when nothing does. */
export function reasonsOf<Facts>(facts: Facts, rules: readonly Rule<Facts>[]): Reason[] {
  return rules.flatMap((rule) => rule(facts) ?? [])
}
