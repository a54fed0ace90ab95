import { Command, InvalidArgumentError } from 'commander'
import { StarlingError } from '../shared/process/errors.ts'
import { wholeNumber } from '../shared/process/operator-flags.ts'
import {
  answersUntil,
  auditedShare,
  type CheatTerms,
  cheatProfit,
  detectionWithin,
  FIXED_BYTES,
  honestProfit,
  leastAuditRate,
  leastRateForAnyPlan,
  openingBytes,
  pathNodes,
  pospBound,
  proofBytes,
} from '../shared/proof/evidence/economics.ts'
import { defaultScoringConfig } from './scoring/config.ts'

export interface AuditPlanFlags {
  auditRate: number
  detection: number
  answers: number
  reward: number
  cost: number
  cheatCost: number
  slash: number
  colluding: number
  penaltyRounds: number
  epochRounds: number
  organic: number
  prefill: number
  tokens: number
  json?: boolean
}

const CONFIDENCES = [0.5, 0.99, 0.999]
const PROOF = { leafTokens: 4, sketchBytes: 32, openings: 2 }

/** `validator audit-plan …`: whether cheating pays at an audit rate, and what auditing costs. Reads nothing but its flags. */
export function auditPlanCommand(write: (text: string) => void): Command {
  return new Command('audit-plan')
    .description('Compute from an audit rate what a cheat wins or loses, and what auditing costs.')
    .option('--audit-rate <p>', 'probability that an organic answer is audited', share, 0.03)
    .requiredOption('--detection <d>', 'probability that the audit of a false answer finds it', share)
    .requiredOption('--answers <n>', 'answers of one miner in a round', positiveCount)
    .requiredOption('--reward <money>', 'what a miner earns in a round, in any unit', amount)
    .requiredOption('--cost <money>', 'what an honest answer costs, in that unit', amount)
    .requiredOption('--cheat-cost <money>', 'what a false answer costs', amount)
    .option('--slash <money>', 'stake that a reject burns', amount, 0)
    .option('--colluding <r>', 'share of the validators that side with the cheat', share, 0)
    .option(
      '--penalty-rounds <n>',
      'rounds without reward after a reject',
      positiveCount,
      defaultScoringConfig.penaltyRounds,
    )
    .option('--epoch-rounds <n>', 'rounds that a cheat plans for', roundCount, 14)
    .option('--organic <m>', 'organic answers to one scored answer', amount, 32)
    .option('--prefill <share>', 'cost of a prefill over that of generating the answer', amount, 0.14)
    .option('--tokens <n>', 'tokens of an answer', positiveCount, 512)
    .option('--json', 'as JSON')
    .action((flags: AuditPlanFlags) => {
      const plan = planAudit(flags)
      write(`${flags.json === true ? JSON.stringify(plan, undefined, 2) : renderAuditPlan(plan)}\n`)
    })
}

/** Everything that the command prints. */
export type AuditPlan = ReturnType<typeof planAudit>

/** @throws StarlingError AUDIT_TERMS when the flags together make no cheat, or no business */
export function planAudit(flags: AuditPlanFlags) {
  const { auditRate, detection, reward, slash, colluding, epochRounds, prefill } = flags
  const terms: CheatTerms = {
    ...{ auditRate, detection, reward, slash },
    answersPerRound: flags.answers,
    penaltyRounds: flags.penaltyRounds,
    honestCost: flags.cost,
    cheatCost: flags.cheatCost,
  }
  checkTerms(terms)
  const traffic = { organic: flags.organic, scored: 1, auditRate }
  const shape = { tokens: flags.tokens, ...PROOF }
  const found = auditRate * detection
  const [honest, cheat] = [honestProfit(terms, epochRounds), cheatProfit(terms, epochRounds)]
  const [saved, rewardPerAnswer] = [flags.cost - flags.cheatCost, reward / flags.answers]
  const bound = pospBound(saved, slash, rewardPerAnswer, colluding)
  return {
    terms: { ...terms, colluding, epochRounds },
    detection: {
      perAnswer: found,
      within: [...new Set([1, flags.answers, flags.answers * epochRounds])].map((answers) => {
        return { answers, probability: detectionWithin(found, answers) }
      }),
      // JSON knows no infinity: null where nothing is ever found.
      until: CONFIDENCES.map((confidence) => {
        return { confidence, answers: finite(answersUntil(found, confidence)) }
      }),
    },
    epoch: { honest, cheat, gain: cheat - honest },
    posp: {
      found,
      bound: finite(bound),
      saved,
      slash,
      reward: rewardPerAnswer,
      colluding,
      holds: found > bound,
    },
    leastAuditRate: {
      epoch: leastAuditRate(terms, epochRounds) ?? null,
      anyPlan: leastRateForAnyPlan(terms) ?? null,
      posp: bound <= detection && detection > 0 ? bound / detection : null,
    },
    validator: {
      ...traffic,
      prefill,
      auditedShare: auditedShare(traffic),
      overhead: prefill * auditedShare(traffic),
    },
    bytes: {
      ...{ ...shape, fixed: FIXED_BYTES, pathNodes: pathNodes(shape), opening: openingBytes(shape) },
      perAnswer: proofBytes(traffic, shape),
    },
  }
}

function checkTerms({ answersPerRound, reward, honestCost, cheatCost }: CheatTerms): void {
  const problem =
    cheatCost >= honestCost
      ? `a false answer costs ${cheatCost}, an honest one ${honestCost}`
      : reward <= answersPerRound * honestCost
        ? `${answersPerRound} honest answers cost ${answersPerRound * honestCost}, the round pays ${reward}`
        : undefined
  if (problem === undefined) return
  const remedy = 'give a --cheat-cost below --cost, and a --reward above --answers times --cost'
  throw new StarlingError('AUDIT_TERMS', problem, remedy)
}

/** The plan for a terminal, each figure with its terms. */
export function renderAuditPlan({
  terms,
  detection,
  epoch,
  posp,
  leastAuditRate,
  validator,
  bytes,
}: AuditPlan): string {
  const { auditRate, answersPerRound: answers, reward, penaltyRounds, epochRounds } = terms
  const { organic, scored, prefill } = validator
  return [
    'found',
    `  an answer       p·d = ${auditRate} · ${terms.detection} = ${figure(detection.perAnswer)}`,
    ...detection.within.map(
      ({ answers: n, probability }) =>
        `  ${`within ${n}`.padEnd(15)} 1 − (1 − p·d)^${n} = ${figure(probability)}`,
    ),
    ...detection.until.map(
      ({ confidence, answers: n }) =>
        `  ${`to ${100 * confidence} %`.padEnd(15)} ${n === null ? 'never' : `${n} answers`}`,
    ),
    `epoch of ${epochRounds} rounds, ${penaltyRounds} without reward after a reject, ${terms.slash} slashed`,
    `  honest          ${epochRounds} · (${reward} − ${answers} · ${terms.honestCost}) = ${figure(epoch.honest)}`,
    `  cheat           ${figure(epoch.cheat)} expected, at ${terms.cheatCost} an answer`,
    `  the cheat ${epoch.gain > 0 ? 'wins ' : 'loses'} ${figure(Math.abs(epoch.gain))}`,
    'one answer alone (PoSP): p·d > C / [(1 − r)·S + (1 − 2r)·R]',
    `  C saved ${figure(posp.saved)}, S slashed ${posp.slash}, R reward ${figure(posp.reward)}, r colluding ${posp.colluding}`,
    `  ${figure(posp.found)} > ${posp.bound === null ? 'infinity' : figure(posp.bound)} ${posp.holds ? 'holds' : 'fails'}`,
    'least audit rate at which cheating does not pay',
    `  always          ${rate(leastAuditRate.epoch)}, over the epoch in every answer`,
    `  whenever        ${rate(leastAuditRate.anyPlan)}, not even in the last round before it leaves`,
    `  one answer      ${rate(leastAuditRate.posp)}, by PoSP`,
    'cost of auditing',
    `  validator       ρ·(m·p + s)/(m + s) = ${prefill}·(${organic}·${auditRate} + ${scored})/(${organic} + ${scored}) = ${figure(validator.overhead)} of generation`,
    `  bytes           ${bytes.fixed} (commit, salt) + ${figure(validator.auditedShare)} · ${bytes.openings} · (${bytes.leafTokens}·${bytes.sketchBytes} + ${bytes.pathNodes}·32) = ${figure(bytes.perAnswer)} an answer`,
  ].join('\n')
}

function rate(value: number | null): string {
  return value === null ? 'none' : figure(value)
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function amount(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError(`${text} is not a number from 0 on.`)
  return value
}

function share(text: string): number {
  const value = amount(text)
  if (value > 1) throw new InvalidArgumentError(`${text} is not a share from 0 to 1.`)
  return value
}

function positiveCount(text: string): number {
  const value = wholeNumber(text)
  if (value < 1) throw new InvalidArgumentError(`${text} is not a whole number from 1 on.`)
  return value
}

function roundCount(text: string): number {
  const value = positiveCount(text)
  if (value > 100_000) throw new InvalidArgumentError(`${text} is more than 100,000 rounds.`)
  return value
}
