import type { Mutant } from './mutant.ts'

const UNIT = ['test/unit/bench/verify.test.ts']

/** The suite that measures the verification: figures that would flatter it. */
export const BENCH_MUTANTS: readonly Mutant[] = [
  {
    name: 'the token that raises the alarm is free',
    breaks: 'a cheat counts as caught within nats that it had used up before',
    file: 'scripts/bench/verify/delays.ts',
    find: 'delay.natsBefore < nats',
    replace: 'delay.natsBefore < nats + 1',
    killers: UNIT,
  },
  {
    name: 'sums start anew with every answer',
    breaks: 'evidence over many answers is measured as if there were none',
    file: 'scripts/bench/verify/delays.ts',
    find: '    sum = after?.sum ?? sum\n',
    replace: '    sum = 0\n',
    killers: UNIT,
  },
  {
    name: 'bars that ask for little are met by much',
    breaks: 'a missed bar is shown as met',
    file: 'scripts/bench/verify/bar-row.ts',
    find: "limit === 'least'",
    replace: "limit !== 'least'",
    killers: UNIT,
  },
  {
    name: 'the audit is shown other rows than it asks for',
    breaks: 'what is measured is no audit of the validator’s',
    file: 'scripts/bench/verify/listening.ts',
    find: 'tokens.map((_, position) => position)',
    replace: 'tokens.map((_, position) => tokens.length - 1 - position)',
    killers: ['test/e2e/bench/bench-verify.test.ts'],
  },
]
