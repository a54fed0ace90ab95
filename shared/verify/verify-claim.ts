import type { Engine } from '../inference/engine.ts'
import { personalSeed } from '../proof/challenge-id.ts'
import type { AuditVerdict } from '../proof/decision.ts'
import type { Evidence } from '../proof/evidence/evidence.ts'
import { type Claim, claimFault } from './claim.ts'
import type { NamedFinding, Reading, ReadingNeeds, Verifier } from './verifier.ts'

/** What a claim is read with. */
export type Reader = Pick<Engine, 'model' | 'text' | 'replay'>

/** What all verifiers together say of a claim. */
export interface ClaimVerdict {
  readonly verdict: AuditVerdict
  /** One line for the receipt, empty when accepted. */
  readonly reason: string
  /** The highest that was proved; 0 unless accepted. */
  readonly level: Verifier['level']
  /** S of the answer in nats; 0 where it was not read. */
  readonly surprise: number
  /** Of an accepted answer: what it adds to the sums over many, one a statistic. */
  readonly evidence: readonly Evidence[]
  /** One a verifier that applied, by level; none where the claim is at fault by itself. */
  readonly findings: readonly NamedFinding[]
}

/**
 * Judges one claim by a list of verifiers. The model runs at most once, over prompt and answer, under the miner's own seed.
 * Rejects with whatever the reader does, which is nobody's guilt.
 *
 * A reject by any verifier rejects; of several, the one of the lowest level says why. Otherwise the claim is proved up to the
 * first verifier, by level, that did not accept: nothing is accepted on hidden states whose tokens nobody could replay.
 *
 * @throws RangeError where two verifiers ask for projections: a reading makes one
 */
export async function verifyClaim(
  claim: Claim,
  reader: Reader,
  verifiers: readonly Verifier[],
): Promise<ClaimVerdict> {
  const fault = claimFault(claim, reader)
  if (fault !== undefined)
    return { verdict: 'reject', reason: fault, level: 0, surprise: 0, evidence: [], findings: [] }
  const asked = verifiers
    .filter((verifier) => verifier.applies(claim))
    .sort((one, other) => one.level - other.level)
  const { executionClass } = reader.model
  const needs = asked.flatMap((verifier) => verifier.needs(claim, executionClass) ?? [])
  const reading = await readClaim(claim, reader, needs)
  const findings: NamedFinding[] = []
  for (const verifier of asked)
    findings.push({ verifier: verifier.name, ...(await verifier.decide(claim, reading)) })
  return { ...combine(asked, findings), surprise: reading?.surprise ?? 0, findings }
}

async function readClaim(
  { challenge, miner, sampling, reveal }: Claim,
  reader: Reader,
  needs: readonly ReadingNeeds[],
): Promise<Reading | undefined> {
  const [first] = needs
  if (first === undefined) return undefined
  const projections = needs.flatMap(({ projectionAt }) => projectionAt ?? [])
  if (projections.length > 1) throw new RangeError(`${projections.length} projections of one reading`)
  const promptTokens = reader.text.encodePrompt(challenge.prompt)
  const result = await reader.replay({
    promptTokens,
    tokens: reveal.tokens,
    sampling,
    seed: personalSeed(challenge.id, miner),
    tolerance: Math.max(0, ...needs.flatMap(({ tolerance }) => tolerance ?? [])),
    ...(projections[0] === undefined ? {} : { projectionAt: projections[0] }),
  })
  return { ...result, promptTokens: promptTokens.length, executionClass: reader.model.executionClass }
}

/** @param findings those of the verifiers, in their order: by level */
function combine(
  verifiers: readonly Verifier[],
  findings: readonly NamedFinding[],
): Pick<ClaimVerdict, 'verdict' | 'reason' | 'level' | 'evidence'> {
  const undecided = { level: 0, evidence: [] } as const
  const rejected = findings.find(({ verdict }) => verdict === 'reject')
  if (rejected !== undefined) return { ...undecided, verdict: 'reject', reason: rejected.reason }
  const open = findings.findIndex(({ verdict }) => verdict !== 'accept')
  const proved = open === -1 ? findings : findings.slice(0, open)
  if (proved.length === 0)
    return { ...undecided, verdict: 'inconclusive', reason: findings[0]?.reason ?? 'nothing to judge it by' }
  return {
    verdict: 'accept',
    reason: '',
    level: verifiers[proved.length - 1]!.level,
    evidence: proved.flatMap(({ evidence }) => evidence ?? []),
  }
}
