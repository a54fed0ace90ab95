import type { Mutant } from './mutant.ts'

const HEARING = 'test/unit/dispute/hearing.test.ts'
const RECORD = 'test/unit/dispute/record.test.ts'
const DESK = 'test/unit/dispute/desk.test.ts'
const TREE = 'test/unit/dispute/lying-tree.test.ts'
const VECTORS = 'test/vectors/protocol/dispute.test.ts'
const ROUND = 'test/contract/dispute/published-round.test.ts'

/** Disputes: what a referee believes, and what a side lets itself be made to do. */
export const DISPUTE_MUTANTS: readonly Mutant[] = [
  {
    name: 'replies are not verified',
    breaks: 'anybody speaks for a side',
    file: 'shared/dispute/signed-reply.ts',
    find: '    if (!verifySignature(replyMessage(request, body), signature, address))',
    replace:
      '    if (!verifySignature(replyMessage(request, body), signature, address) && body.length === 0)',
    killers: [HEARING, RECORD],
  },
  {
    name: 'a reply is signed for no move',
    breaks: 'what was said to one move answers another',
    file: 'shared/dispute/signed-reply.ts',
    find: "    'starling/dispute-reply/v1',\n    moveDigest(request),",
    replace: "    'starling/dispute-reply/v1',\n    request.dispute,",
    killers: [HEARING, VECTORS],
  },
  {
    name: 'a case without its prompt',
    breaks: 'one name for two questions',
    file: 'shared/dispute/case.ts',
    find: '    hashText(prompt),\n',
    replace: "    hashText(''),\n",
    killers: [VECTORS],
  },
  {
    name: 'a case that nobody signed',
    breaks: 'a miner defends answers that it never gave',
    file: 'shared/dispute/case.ts',
    find: '  if (!verifySignature(commitMessage(',
    replace: '  if (position < 0 && !verifySignature(commitMessage(',
    killers: [DESK],
  },
  {
    name: 'any class is exact',
    breaks: 'honest noise loses a dispute',
    file: 'shared/dispute/case.ts',
    find: '  if (!executionClass.startsWith(EXACT_CLASS))',
    replace: '  if (executionClass.length === 0)',
    killers: [DESK],
  },
  {
    name: 'the row after the token',
    breaks: 'answers are judged by logits that came later',
    file: 'shared/dispute/case.ts',
    find: 'encodePrompt(prompt).length - 1 + position',
    replace: 'encodePrompt(prompt).length + position',
    killers: [ROUND],
  },
  {
    name: 'the validator’s seed',
    breaks: 'tokens are judged by somebody else’s noise',
    file: 'shared/dispute/judge-answer.ts',
    find: 'const seed = personalSeed(challenge, defender)',
    replace: 'const seed = personalSeed(challenge, dispute.validator)',
    killers: [HEARING],
  },
  {
    name: 'logits under no root',
    breaks: 'the winner opens logits of another run',
    file: 'shared/dispute/opened-inputs.ts',
    find: '    if (!equalBytes(nodeHash(hashes), known.get(pathName(path))!)) return undefined\n',
    replace: '',
    killers: [TREE],
  },
  {
    name: 'weights of anybody’s',
    breaks: 'a liar opens weights that fit its lie',
    file: 'shared/dispute/opened-inputs.ts',
    find: '!verifyMerklePath(weightsRoot, bytes, needed.index, leaves, path)',
    replace: 'path.length > leaves',
    killers: [HEARING, TREE],
  },
  {
    name: 'silence is proved',
    breaks: 'a referee’s word passes for a signature',
    file: 'shared/dispute/hear-case.ts',
    find: "replies[side].some((entry) => 'missing' in entry)",
    replace: 'replies[side].length === 0',
    killers: [HEARING, RECORD],
  },
  {
    name: 'a record may go on',
    breaks: 'replies that nobody asked for stand in a record that holds',
    file: 'shared/dispute/hear-case.ts',
    find: '  if (SIDES.some((side) => left[side].length > 0))',
    replace: '  if (SIDES.some((side) => left[side].length > 256))',
    killers: [RECORD],
  },
  {
    name: 'a record’s ruling is believed',
    breaks: 'a referee rules against the replies',
    file: 'shared/dispute/record.ts',
    find: '  if (!equalBytes(own, recordMessage(dispute, reference, hearing)))',
    replace: '  if (own.length === 0)',
    killers: [RECORD],
  },
  {
    name: 'a record under any registry',
    breaks: 'a dispute about other weights counts',
    file: 'shared/dispute/record.ts',
    find: '  if (JSON.stringify(reference) !== JSON.stringify(declared)) {',
    replace: '  if (reference.class !== declared.class) {',
    killers: [RECORD],
  },
  {
    name: 'a desk without an end of runs',
    breaks: 'a referee makes a side compute for ever',
    file: 'shared/dispute/desk.ts',
    find: '    if (open.passes >= MOST_PASSES)',
    replace: '    if (open.passes < 0)',
    killers: [DESK],
  },
  {
    name: 'a desk for everybody’s cases',
    breaks: 'a side signs for another',
    file: 'shared/dispute/desk.ts',
    find: '  if (!equalBytes(dispute[side], own))',
    replace: '  if (dispute[side].length !== own.length)',
    killers: [DESK],
  },
  {
    name: 'a dispute about another question counts',
    breaks: 'a case that was not cut from the round settles an answer of it',
    file: 'shared/dispute/verifier.ts',
    find: '    prompt === claim.challenge.prompt &&\n',
    replace: '',
    killers: [ROUND],
  },
  {
    name: 'silences settle answers',
    breaks: 'a referee’s word rejects an answer',
    file: 'shared/dispute/verifier.ts',
    find: '  if (unproven.length > 0)',
    replace: '  if (unproven.length > 2)',
    killers: [ROUND],
  },
]
