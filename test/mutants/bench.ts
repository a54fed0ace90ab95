import type { Mutant } from './mutant.ts'

const UNIT = ['test/unit/bench/verify.test.ts']
const SWARM_PAGE = ['test/unit/bench/swarm-report.test.ts']

/** The suites that measure verification and swarm: figures that would flatter them. */
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
  {
    name: 'no gain at all is a gain',
    breaks: 'a bar that asks for more than 0 is shown as met by 0',
    file: 'scripts/bench/swarm/report/asked.ts',
    find: '(by === 0 && isStrict(bar))',
    replace: '(by < 0 && isStrict(bar))',
    killers: SWARM_PAGE,
  },
  {
    name: 'what was not measured meets its bar',
    breaks: 'a part that measured nothing is shown as a success',
    file: 'scripts/bench/swarm/report/asked.ts',
    find: 'if (!Number.isFinite(value)) return Number.POSITIVE_INFINITY',
    replace: 'if (!Number.isFinite(value)) return Number.NEGATIVE_INFINITY',
    killers: SWARM_PAGE,
  },
  {
    name: 'small samples settle bars',
    breaks: 'a run of seconds is shown like one of hours',
    file: 'scripts/bench/swarm/report/figures.ts',
    find: "return quick ? 'so far; samples were small' : 'yes'",
    replace: "return quick ? 'yes' : 'yes'",
    killers: SWARM_PAGE,
  },
]
