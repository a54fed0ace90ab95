import type { Mutant } from './mutant.ts'

/** What a round's findings do to a miner's score. */
export const SCORING_MUTANTS: readonly Mutant[] = [
  {
    name: 'a reject costs nothing',
    breaks: 'a cheat that is found goes on earning',
    file: 'validator/scoring/penalty.ts',
    find: 'penalisedUntil: Math.max(record.penalisedUntil, round + window),',
    replace: 'penalisedUntil: Math.max(record.penalisedUntil, round - window),',
    killers: ['test/unit/scoring/contract.test.ts', 'test/unit/scoring/settle-round.test.ts'],
  },
  {
    name: 'windows do not double',
    breaks: 'cheating again and again costs as little as once',
    file: 'validator/scoring/penalty.ts',
    find: 'config.penaltyRounds * 2 ** record.strikes',
    replace: 'config.penaltyRounds * 1 ** record.strikes',
    killers: ['test/unit/scoring/settle-round.test.ts', 'test/unit/scoring/contract.test.ts'],
  },
  {
    name: 'a new name is a new start',
    breaks: 'a penalised operator registers another hotkey',
    file: 'validator/scoring/penalty.ts',
    find: 'return Math.max(record.penalisedUntil, ...inherited)',
    replace: 'return Math.max(record.penalisedUntil, inherited.length * 0)',
    killers: ['test/unit/scoring/score-miners.test.ts', 'test/unit/scoring/contract.test.ts'],
  },
  {
    name: 'controls are not looked at',
    breaks: 'a broken validator punishes honest miners',
    file: 'validator/scoring/breaker.ts',
    find: 'if (openUntil === null && (!controlsPassed ||',
    replace: 'if (openUntil === null && (openUntil !== null ||',
    killers: ['test/unit/scoring/breaker.test.ts'],
  },
  {
    name: 'the breaker forgives',
    breaks: 'whoever opens it is never punished',
    file: 'validator/scoring/breaker.ts',
    find: 'if (controlsPassed) for (const hotkey of held.keys()) punished.add(hotkey)',
    replace: 'if (openUntil < 0) for (const hotkey of held.keys()) punished.add(hotkey)',
    killers: ['test/unit/scoring/breaker.test.ts'],
  },
  {
    name: 'sums raise no alarm',
    breaks: 'a cheat that hides under the tolerance is never caught',
    file: 'validator/scoring/evidence.ts',
    find: 'if (peak < 1) continue',
    replace: 'if (peak < 1e9) continue',
    killers: ['test/unit/scoring/evidence.test.ts', 'test/property/scoring/evidence.test.ts'],
  },
  {
    name: 'greedy answers buy credit',
    breaks: 'texts that are the same under every seed prove one’s own work',
    file: 'validator/scoring/conduct.ts',
    find: "answer.result === 'accept' && !answer.greedy",
    replace: "answer.result === 'accept'",
    killers: [
      'test/unit/scoring/contract.test.ts',
      'test/unit/scoring/settle-round.test.ts',
      'test/property/scoring/scoring.test.ts',
    ],
  },
  {
    name: 'credit without surprise',
    breaks: 'copied short answers raise a score',
    file: 'validator/scoring/conduct.ts',
    find: '>= config.creditNats',
    replace: '>= 0 * config.creditNats',
    killers: [
      'test/unit/scoring/contract.test.ts',
      'test/unit/scoring/settle-round.test.ts',
      'test/property/scoring/scoring.test.ts',
    ],
  },
]
