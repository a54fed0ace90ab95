import type { Mutant } from './mutant.ts'

/** What the validator takes from a miner, and when. */
export const VALIDATOR_MUTANTS: readonly Mutant[] = [
  {
    name: 'the miner’s clock is trusted',
    breaks: 'whoever delays its pongs is as fast as it likes',
    file: 'validator/round/answers.ts',
    find: 'Math.min(LONGEST_ROUND_TRIP_MS, miner.session.pingMs())',
    replace: 'miner.session.pingMs()',
    killers: ['test/unit/validator/answers.test.ts'],
  },
  {
    name: 'the beacon of the newest block',
    breaks: 'a validator waits until a block suits a friend',
    file: 'validator/round/run-round.ts',
    find: 'drawBeacon(digests, anchored.after, parts.signer)',
    replace: 'drawBeacon(digests, parts.newestBlock(), parts.signer)',
    killers: ['test/contract/validator/published-round.test.ts'],
  },
  {
    name: 'commits without a signature',
    breaks: 'a miner denies its commit later',
    file: 'validator/round/answers.ts',
    find: '  if (!verifySignature(commitMessage(commit.id, commit.digest), commit.signature, miner.hotkey)) {',
    replace: '  if (commit.signature.length === 0) {',
    killers: ['test/unit/validator/answers.test.ts'],
  },
  {
    name: 'a commit of another challenge',
    breaks: 'one commit answers many challenges',
    file: 'validator/round/answers.ts',
    find: 'if (!equalBytes(commit.id, challenge.id))',
    replace: 'if (commit.id.length === 0)',
    killers: ['test/unit/validator/answers.test.ts'],
  },
  {
    name: 'silence after the commit is “busy”',
    breaks: 'a miner chooses between answers after it saw how the round went',
    file: 'validator/round/answers.ts',
    find: "return { ...answer, result: 'missed', reason: describeError(error) }",
    replace: 'return failed(challenge, miner, error)',
    killers: ['test/unit/validator/answers.test.ts'],
  },
  {
    name: 'the beacon with the challenge',
    breaks: 'a miner knows which leaves will be opened before it commits',
    file: 'validator/round/answers.ts',
    find: '      deadlineMs: config.commitMs,\n    },',
    replace: '      deadlineMs: config.commitMs,\n      beacon: challenge.id,\n    } as never,',
    killers: ['test/unit/validator/answers.test.ts'],
  },
]
