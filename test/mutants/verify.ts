import type { Mutant } from './mutant.ts'

const AUDIT_TESTS = ['test/unit/verify/verify-claim.test.ts', 'test/unit/validator/audit.test.ts']
const SKETCH_TESTS = ['test/unit/validator/sketch-audit.test.ts', 'test/unit/verify/verify-claim.test.ts']

/** The verifiers of an answer, and how their findings become one verdict. */
export const VERIFY_MUTANTS: readonly Mutant[] = [
  {
    name: 'sketches are ignored',
    breaks: 'a cheap model decodes, an honest one is asked only for what is replayed',
    file: 'shared/verify/sketches.ts',
    find: 'applies: ({ model }) => model.level >= SKETCH_LEVEL,',
    replace: 'applies: () => false,',
    killers: SKETCH_TESTS,
  },
  {
    name: 'a lost calibration lowers the level',
    breaks: 'whoever makes a validator lose a file is audited less',
    file: 'shared/verify/sketches.ts',
    find: 'applies: ({ model }) => model.level >= SKETCH_LEVEL,',
    replace: 'applies: ({ model }) => model.level >= SKETCH_LEVEL && calibrations.has(model.hash),',
    killers: SKETCH_TESTS,
  },
  {
    name: 'any proof of hidden states',
    breaks: 'sketches that were made after the commit pass',
    file: 'shared/verify/sketches.ts',
    find: 'return openingFault({ tokens, root: sketchRoot }, asked, openings)',
    replace: 'return openingFault({ tokens, root: sketchRoot }, asked, openings) && undefined',
    killers: SKETCH_TESTS,
  },
  {
    name: 'no proof is no fault',
    breaks: 'whoever commits to no hidden states need not show them',
    file: 'shared/verify/sketches.ts',
    find: '      if (fault !== undefined) return reject(fault)\n',
    replace: '      if (fault !== undefined) return inconclusive(fault)\n',
    killers: SKETCH_TESTS,
  },
  {
    name: 'the miner picks the leaves',
    breaks: 'only the honest leaves are opened',
    file: 'shared/verify/sketches.ts',
    find: 'const asked = openedLeaves(beacon, digest, leafCount(tokens.length))',
    replace:
      'const asked = openings.map(({ index }) => index) ?? openedLeaves(beacon, digest, leafCount(tokens.length))',
    killers: SKETCH_TESTS,
  },
  {
    name: 'replay under one seed for all',
    breaks: 'a copied answer replays',
    file: 'shared/verify/verify-claim.ts',
    find: 'seed: personalSeed(challenge.id, miner),',
    replace: 'seed: personalSeed(challenge.id, challenge.id) ?? miner,',
    killers: AUDIT_TESTS,
  },
  {
    name: 'a reject is outvoted',
    breaks: 'what one verifier accepts no other can reject',
    file: 'shared/verify/verify-claim.ts',
    find: "const rejected = findings.find(({ verdict }) => verdict === 'reject')",
    replace:
      "const rejected = findings.every(({ verdict }) => verdict === 'reject') ? findings[0] : undefined",
    killers: [...AUDIT_TESTS, ...SKETCH_TESTS],
  },
  {
    name: 'hidden states stand for tokens',
    breaks: 'an answer that nobody could replay is accepted on its sketches',
    file: 'shared/verify/verify-claim.ts',
    find: 'const proved = open === -1 ? findings : findings.slice(0, open)',
    replace: "const proved = open === -1 ? findings : findings.filter(({ verdict }) => verdict === 'accept')",
    killers: AUDIT_TESTS,
  },
  {
    name: 'reveals need not open commits',
    breaks: 'the answer is chosen after everybody’s commits are in',
    file: 'shared/verify/claim.ts',
    find: 'if (!equalBytes(openedDigest(claim), claim.digest))',
    replace: 'if (openedDigest(claim).length !== claim.digest.length)',
    killers: AUDIT_TESTS,
  },
  {
    name: 'text that the tokens do not spell',
    breaks: 'judges and gold see another answer than the one that was proved',
    file: 'shared/verify/claim.ts',
    find: 'codec === undefined || codec.decode(reveal.tokens) === reveal.text',
    replace: 'codec === undefined || codec.decode(reveal.tokens).length > 0',
    killers: AUDIT_TESTS,
  },
  {
    name: 'every pair is exact',
    breaks: 'honest miners of a noisy class are rejected for rounding',
    file: 'shared/proof/evidence/parameters.ts',
    find: "return [prover, verifier].every((name) => name.startsWith('cpu-fp32/'))",
    replace: 'return prover.length + verifier.length > 0',
    killers: ['test/unit/verify/replay.test.ts', 'test/unit/proof/evidence.test.ts'],
  },
  {
    name: 'uncalibrated margins are accepted',
    breaks: 'a class that nobody measured is judged anyway',
    file: 'shared/proof/evidence/decide-margins.ts',
    find: 'if (parameters === undefined) return inconclusive(',
    replace:
      "if (parameters === undefined) return { verdict: 'accept', reason: '' }\n  if (parameters === null) return inconclusive(",
    killers: ['test/unit/proof/evidence.test.ts', 'test/unit/verify/replay.test.ts'],
  },
  {
    name: 'margins never add up',
    breaks: 'in noisy classes any sampling passes',
    file: 'shared/proof/evidence/decide-margins.ts',
    find: 'if (evidence.peak >= 1) {',
    replace: 'if (evidence.peak >= 1e9) {',
    killers: ['test/unit/proof/evidence.test.ts', 'test/unit/verify/replay.test.ts'],
  },
  {
    name: 'the nearest leaf decides',
    breaks: 'one honest leaf covers for the other',
    file: 'shared/proof/sketch/decision.ts',
    find: 'sort((a, b) => excessOf(b) - excessOf(a))[0]',
    replace: 'sort((a, b) => excessOf(a) - excessOf(b))[0]',
    killers: ['test/unit/proof/sketch-decision.test.ts'],
  },
  {
    name: 'any distance',
    breaks: 'hidden states of any model pass',
    file: 'shared/proof/sketch/decision.ts',
    find: 'const excessOf = ({ distance, threshold }: Comparison) => distance - threshold',
    replace: 'const excessOf = ({ distance, threshold }: Comparison) => distance - threshold - 30',
    killers: ['test/unit/proof/sketch-decision.test.ts'],
  },
]
