import { canonicalHash } from '../../shared/proof/canonical-json.ts'
import { fromHex } from '../../shared/proof/hash.ts'
import type { Reveal } from '../../shared/protocol/messages.ts'
import type {
  Attempt,
  AuditedAnswer,
  JudgedField,
  JudgePart,
  OpenedVerdicts,
  PlannedChallenge,
} from '../round/types.ts'
import { draftWeights } from '../weights/chain-view.ts'
import { type RecordOf, ROUND_FORMAT, type RoundRecord } from './records.ts'
import type { RoundFacts } from './round-facts.ts'

/** A round as records, in the order in which they stand in its file. */
export function roundRecords(facts: RoundFacts): RoundRecord[] {
  const { round, config, subnet, anchored, beacon, controls } = facts
  const { metagraph } = subnet
  return [
    {
      ...{ kind: 'round', format: ROUND_FORMAT, round, chain: fromHex(facts.chainMarker) },
      ...{ netuid: metagraph.netuid, validator: facts.validator, block: facts.opened.number, config },
    },
    {
      kind: 'neurons',
      block: metagraph.block,
      neurons: metagraph.neurons.map(({ uid, hotkey, coldkey }) => ({ uid, hotkey, coldkey })),
    },
    ...facts.models.map(modelRecord),
    { kind: 'previous', previous: facts.previous ?? null },
    { kind: 'book', book: facts.book },
    { kind: 'draw', lot: facts.draw },
    ...participantRecords(facts),
    ...facts.challenges.map(challengeRecord),
    ...facts.attempts.map((attempt, i) => answerRecord(attempt, facts.audited[i]!)),
    anchorRecord(anchored.receipt),
    { kind: 'headers', headers: [...facts.headers] },
    { kind: 'beacon', commits: beacon.commits, block: anchored.after.number, vrf: beacon.vrf },
    ...judgedRecords(facts.fields),
    ...facts.fields.map(verdictRecord),
    { kind: 'controls', ...controls },
    rankingRecord(facts),
    { kind: 'outcome', outcome: facts.outcome },
    ...facts.rows.map((row) => ({ kind: 'row' as const, row })),
    settledRecord(facts),
    { kind: 'standing', round, book: canonicalHash(facts.bookAfter), config: canonicalHash(config) },
  ]
}

function modelRecord({ model, whitening, similarity }: RoundFacts['models'][number]): RecordOf<'model'> {
  const { name, hash, executionClass, vocabularySize, contextLength, eosToken, level } = model
  return {
    ...{ kind: 'model', name, hash, executionClass, vocabularySize, contextLength, eosToken },
    ...{ stopTokens: [...model.stopTokens], level, whitening, similarity },
  }
}

/** Everybody who could be asked, and who of them was. */
export function participantRecords({
  candidates,
  participants,
}: Pick<RoundFacts, 'candidates' | 'participants'>): RecordOf<'participant'>[] {
  const drawn = new Set(participants.map(({ hotkey }) => hotkey))
  return candidates.map(({ uid, hotkey, coldkey, model: { hash, executionClass } }) => {
    const isDrawn = drawn.has(hotkey)
    return { kind: 'participant', drawn: isDrawn, uid, hotkey, coldkey, model: hash, executionClass }
  })
}

/** What a challenge is, in its record. */
export function challengeRecord({ index, id, lot, prompt, gold }: PlannedChallenge): RecordOf<'challenge'> {
  const known = gold === undefined ? null : { family: gold.family, answer: gold.answer }
  return { kind: 'challenge', index, id, lot, prompt, gold: known }
}

function answerRecord(attempt: Attempt, audited: AuditedAnswer): RecordOf<'answer'> {
  const { result, reason, surprise, correct, evidence, findings = [], simhash } = audited
  return {
    ...{ kind: 'answer', challenge: attempt.challenge.index, hotkey: attempt.miner.hotkey },
    ...('commit' in attempt && { commit: commitOf(attempt) }),
    ...('reveal' in attempt && { reveal: revealOf(attempt.reveal) }),
    ...{ result, reason, surprise },
    ...(correct !== undefined && { correct }),
    ...(evidence !== undefined && { evidence }),
    findings: findings.map(({ verifier, verdict, reason, figures = {} }) => {
      return { verifier, verdict, reason, figures: { ...figures } }
    }),
    ...(simhash !== undefined && { simhash }),
  }
}

function commitOf({ commit, milliseconds }: Extract<Attempt, { commit: unknown }>) {
  return { digest: commit.digest, signature: commit.signature, milliseconds }
}

function revealOf({ id, tokens, text, salt, openings, finish }: Reveal) {
  return { id, tokens, text, salt, openings, finish }
}

function anchorRecord({ block, index, extrinsic, proof }: RoundFacts['anchored']['receipt']) {
  return { kind: 'anchor' as const, block, index, extrinsic, proof: [...proof] }
}

/** One a challenge that was judged. */
function judgedRecords(fields: readonly JudgedField[]): RecordOf<'judged'>[] {
  const first = new Map(fields.map((field) => [field.challenge, field]))
  return [...first.values()].map(judgedRecord)
}

/** What the judges of a challenge saw beside its answers, in its record. */
export function judgedRecord({ challenge, shown, lot }: JudgePart): RecordOf<'judged'> {
  const place = shown.findIndex(({ group }) => group === undefined)
  const canary = place === -1 ? null : { place, text: shown[place]!.text }
  return { kind: 'judged', challenge: challenge.index, lot, canary }
}

function verdictRecord({ challenge, judge, commit, opening, reason }: JudgedField): RecordOf<'verdict'> {
  return {
    ...{ kind: 'verdict', challenge: challenge.index, judge: judge.hotkey },
    ...(commit !== undefined && { commit: { digest: commit.digest, signature: commit.signature } }),
    ...(opening !== undefined && { opening: openingOf(opening) }),
    reason: reason ?? '',
  }
}

function openingOf({ given, salt, read, replays }: OpenedVerdicts): RecordOf<'verdict'>['opening'] {
  const rest = { salt, replays: [...replays] }
  if (given.method === 'likelihood') return { method: 'likelihood', scores: [...given.scores], ...rest }
  const verdicts = given.verdicts.map((tokens) => [...tokens])
  return { method: 'prompted', verdicts, read: [...read], ...rest }
}

/** What the verdicts made of the answers, in its record. */
export function rankingRecord({
  audited,
  ranking,
}: Pick<RoundFacts, 'audited' | 'ranking'>): RecordOf<'ranking'> {
  const qualities = audited.flatMap((answer) => {
    const quality = ranking.qualities.get(answer)
    if (quality === undefined) return []
    return [{ challenge: answer.challenge.index, hotkey: answer.miner.hotkey, quality }]
  })
  return { kind: 'ranking', qualities, disagreements: [...ranking.disagreements] }
}

/** What the round ended in, in its record. */
export function settledRecord({
  subnet: { metagraph, rules },
  scores,
  rowsRoot,
  rowsSignature,
}: Pick<RoundFacts, 'scores' | 'rowsRoot' | 'rowsSignature'> & {
  readonly subnet: Parameters<typeof draftWeights>[0]
}): RecordOf<'settled'> {
  const { minAllowedWeights, maxWeightLimit } = rules
  const { uids, weights } = draftWeights({ metagraph, rules: { minAllowedWeights, maxWeightLimit } }, scores)
  return {
    ...{ kind: 'settled', root: rowsRoot, signature: rowsSignature },
    ...{ rules: { minAllowedWeights, maxWeightLimit }, uids: [...uids], weights: [...weights] },
  }
}
