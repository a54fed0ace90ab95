import { voiceOf } from '../../shared/consensus/voice.ts'
import type { ScoringConfig } from './config.ts'
import { type WatchedSum, watchedSums } from './evidence.ts'
import { examReasons, sitsWith } from './exam.ts'
import { judgeTrust } from './judge-trust.ts'
import { isFarBelowModel } from './outlier.ts'
import { paidAccuracy } from './paid-accuracy.ts'
import { penalisedUntil } from './penalty.ts'
import { evidence, meanQuality } from './quality.ts'
import type { MinerRecord, ScoreBook } from './score-book.ts'
import type { ScoreContext, ScoreParts } from './score-parts.ts'
import { isSilenced } from './verdict-strikes.ts'

/**
 * The score of every registered hotkey: (1 − β)·answer + β·judge, where answer = verified · quality^p · speed^q and
 * judge = max(0, 2·accuracy − 1) · completion, split among judges of one voice. The rules and their reasons are in
 * docs/scoring.md.
 */
export function scoreMiners(book: ScoreBook, context: ScoreContext): Record<string, ScoreParts> {
  const hotkeys = Object.keys(context.coldkeyOf).sort()
  const standings = hotkeys.map((hotkey) => standingOf(hotkey, book, context))
  const pay = splitJudgePay(standings)
  const scored = standings.map((standing) => ({ standing, score: scoreOf(standing, pay, context) }))
  const factors = coldkeyFactors(scored, context)
  return Object.fromEntries(
    scored.map(({ standing, score }) => [
      standing.hotkey,
      partsOf(standing, score, pay, factors, context.config),
    ]),
  )
}

/** What one hotkey stands at by itself, before judge pay and coldkey shares are divided. */
interface Standing {
  readonly hotkey: string
  readonly record: MinerRecord | undefined
  /** Whether it may earn at all: not penalised, nothing held against it, a registered model proved. */
  readonly eligible: boolean
  readonly verified: number
  readonly quality: number
  readonly speed: number
  readonly answer: number
  /** Judge pay before it is split among the judges of its voice. */
  readonly judging: number
  readonly trust: number | undefined
  readonly penalisedUntil: number
  readonly reasons: readonly string[]
}

function standingOf(hotkey: string, book: ScoreBook, context: ScoreContext): Standing {
  const { config, registry } = context
  const record = book.miners[hotkey]
  if (record === undefined) return { ...NOTHING, hotkey, record, reasons: ['never sampled'] }
  const model = record.model
  const siblings = siblingsOf(hotkey, book, context)
  const until = penalisedUntil(record, siblings)
  const sitsFrom = sitsWith(record, siblings, config)
  const silence = silenceOf(record, siblings, config)
  const held = book.breaker.held[hotkey] !== undefined
  const registered = model !== null && registry.includes(model)
  const counts = model === null ? undefined : book.models[model]
  const known = counts !== undefined && evidence(counts) >= config.qualityMinimum
  const eligible = book.round >= Math.max(until, sitsFrom) && !held && registered && record.exam.passed
  const quality = known ? meanQuality(counts) : 0
  const speed = record.speed ?? 1
  const reasons = [
    ...(book.round < until ? [`penalised until round ${until}`] : []),
    ...(book.round < record.penalisedUntil || held ? alarmReasons(record, config) : []),
    ...(held ? ['a reject is held while penalties are paused'] : []),
    ...watchedSums(record, config).map(watchReason),
    ...(book.round < sitsFrom
      ? [`waits until round ${sitsFrom}, like the hotkey of its coldkey that failed its exam`]
      : []),
    ...examReasons(record, book.round, config),
    ...silence,
    ...(model === null ? ['no accepted answer with enough surprise yet'] : []),
    ...(model !== null && !registered ? [`model ${model} is not in the registry`] : []),
    ...(registered && !known
      ? [`model ${model} has fewer than ${config.qualityMinimum} verified answers`]
      : []),
    ...(isFarBelowModel(book, hotkey, config) ? ['its gold answers lie far below its model’s'] : []),
  ]
  return {
    hotkey,
    record,
    eligible,
    verified: record.verified,
    quality,
    speed,
    answer: record.verified * quality ** config.qualityExponent * speed ** config.speedExponent,
    judging: eligible && silence.length === 0 ? judgingOf(record, book, config) : 0,
    trust: judgeTrust(book, hotkey, config),
    penalisedUntil: until,
    reasons,
  }
}

/** Told before it is a reject: an honest miner has time to see what is wrong, on a processor that adds up otherwise for example. */
function watchReason({ model, statistic, sum }: WatchedSum): string {
  return `${statistic} evidence of many answers of ${model} stands at ${sum.toFixed(2)} of its threshold`
}

/** Why a miner is rejected none of whose answers was: otherwise its receipt would not say. */
function alarmReasons({ evidence: { alarm }, penalisedFrom }: MinerRecord, config: ScoringConfig): string[] {
  // A held reject is punished up to `breakerRounds` later.
  if (alarm === null || alarm.round < (penalisedFrom ?? 0) - config.breakerRounds) return []
  const { round, model, statistic } = alarm
  return [
    `rejected in round ${round}: ${statistic} evidence of many answers of ${model} reached its threshold`,
  ]
}

/**
 * Why a miner's judging counts for nothing, if it does. The silence of a hotkey passes to those of its coldkey that appeared after it: a new
 * name is no way out of it.
 */
function silenceOf(record: MinerRecord, siblings: readonly MinerRecord[], config: ScoringConfig): string[] {
  if (isSilenced(record, undefined, config))
    return ['its judging neither counts nor is paid: replayed verdicts were not what its model gives']
  const inherited = siblings.some(
    (sibling) => sibling.firstRound < record.firstRound && isSilenced(sibling, undefined, config),
  )
  return inherited ? ['its judging is not paid while that of an older hotkey of its coldkey is silenced'] : []
}

const NOTHING = {
  eligible: false,
  verified: 0,
  quality: 0,
  speed: 1,
  answer: 0,
  judging: 0,
  trust: undefined,
  penalisedUntil: 0,
} as const

/** Judging is paid only with the model that the miner has proved by answering; a claimed one could be any. */
function judgingOf(
  { judge, model, exam }: MinerRecord,
  { voices }: ScoreBook,
  config: ScoringConfig,
): number {
  if (judge === null || judge.model !== model || !exam.mayJudge) return 0
  const accuracy = paidAccuracy(judge, voices[voiceOf(judge)], config)
  return Math.max(0, 2 * accuracy - 1) * judge.completion
}

/**
 * Divides each likelihood voice's pay among its judges: with e a judge's own pay, it gets e·e/Σe. Together that is at most the
 * best judge's pay, and judges that earn nothing dilute nobody. Prompted judges each do their own work and keep their own pay.
 */
function splitJudgePay(standings: readonly Standing[]): Map<string, number> {
  const totals = new Map<string, number>()
  const splits = standings.filter(({ record }) => record?.judge?.method === 'likelihood')
  for (const { record, judging } of splits) {
    const voice = voiceOf(record!.judge!)
    totals.set(voice, (totals.get(voice) ?? 0) + judging)
  }
  const pay = new Map(standings.map(({ hotkey, judging }) => [hotkey, judging]))
  for (const { hotkey, record, judging } of splits) {
    if (judging > 0) pay.set(hotkey, judging * (judging / totals.get(voiceOf(record!.judge!))!))
  }
  return pay
}

function scoreOf(standing: Standing, pay: ReadonlyMap<string, number>, { config }: ScoreContext): number {
  if (!standing.eligible) return 0
  const judge = pay.get(standing.hotkey) ?? 0
  return Math.min(1, (1 - config.judgeShare) * standing.answer + config.judgeShare * judge)
}

/** Factor max/Σ for the hotkeys of each coldkey, so that together they earn what the best of them would. */
function coldkeyFactors(
  scored: readonly { standing: Standing; score: number }[],
  { coldkeyOf, config }: ScoreContext,
): Map<string, number> {
  const best = new Map<string, number>()
  const total = new Map<string, number>()
  for (const { standing, score } of scored) {
    const coldkey = coldkeyOf[standing.hotkey]!
    best.set(coldkey, Math.max(best.get(coldkey) ?? 0, score))
    total.set(coldkey, (total.get(coldkey) ?? 0) + score)
  }
  return new Map(
    scored.map(({ standing, score }) => {
      const coldkey = coldkeyOf[standing.hotkey]!
      const shared = config.oneShareAColdkey && score > 0
      return [standing.hotkey, shared ? best.get(coldkey)! / total.get(coldkey)! : 1]
    }),
  )
}

function siblingsOf(hotkey: string, book: ScoreBook, { coldkeyOf, config }: ScoreContext): MinerRecord[] {
  if (!config.oneShareAColdkey) return []
  return Object.keys(coldkeyOf)
    .filter((other) => other !== hotkey && coldkeyOf[other] === coldkeyOf[hotkey])
    .flatMap((other) => book.miners[other] ?? [])
}

function partsOf(
  standing: Standing,
  score: number,
  pay: ReadonlyMap<string, number>,
  factors: ReadonlyMap<string, number>,
  { judgeShare, qualityExponent, speedExponent }: ScoringConfig,
): ScoreParts {
  const { hotkey, answer, trust, verified, quality, speed, reasons } = standing
  const factor = factors.get(hotkey) ?? 1
  return {
    score: score * factor,
    answer,
    judge: pay.get(hotkey) ?? 0,
    ...(trust === undefined ? {} : { trust }),
    verified,
    quality,
    speed,
    terms: { judgeShare, qualityExponent, speedExponent, coldkeyShare: factor },
    penalisedUntil: standing.penalisedUntil,
    reasons: factor < 1 ? [...reasons, `shares its coldkey: paid × ${factor.toFixed(3)}`] : reasons,
  }
}
