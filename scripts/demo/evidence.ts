import type { RecordOf } from '../../validator/transcript/records.ts'
import type { PublishedRound } from './published.ts'

/** A published answer as the report shows it. */
export interface ShownAnswer {
  readonly round: number
  readonly prompt: string
  /** The text until the token at which the replay departs, that token, and the rest. */
  readonly text: readonly [before: string, token: string, after: string]
  readonly tokens: number
  readonly reason: string
  readonly largestMargin: number | undefined
  readonly shareOfThreshold: number | undefined
  readonly surprise: number
}

/** What one miner's answers of a run show, over all validators. */
export interface MinerEvidence {
  readonly hotkey: string
  /** Kinds of results, and how often each came, most often first. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[]
  /** The first that was rejected; of an honest miner, the first that was accepted. */
  readonly shown: ShownAnswer | undefined
  /** The largest figures of each round, in the order of the rounds; undefined where it answered nothing. */
  readonly rounds: readonly RoundFigures[]
}

export interface RoundFigures {
  readonly largestMargin: number | undefined
  readonly shareOfThreshold: number | undefined
  /** What small differences add up to, in shares of an alarm, before the round. */
  readonly sum: number
}

/** Spells tokens. */
export type Spell = (tokens: readonly number[]) => string

/**
 * @param published by each validator, the first of which the figures by round are of
 * @param spell by the model that the miner declares
 */
export function gatherEvidence(
  hotkey: string,
  published: readonly (readonly PublishedRound[])[],
  spell: Spell,
): MinerEvidence {
  const own = published.flatMap((rounds) =>
    rounds.flatMap(({ round, prompts, answers }) =>
      answers
        .filter((answer) => answer.hotkey === hotkey)
        .map((answer) => ({ round, answer, prompt: prompts.get(answer.challenge) ?? '' })),
    ),
  )
  const first = own.find(({ answer }) => answer.result === 'reject') ?? own.find(isAccepted)
  return {
    hotkey,
    kinds: countKinds(own.map(({ answer }) => answer)),
    shown: first && showAnswer(first.round, first.prompt, first.answer, spell),
    rounds: (published[0] ?? []).map((round) => figuresOf(hotkey, round)),
  }
}

const isAccepted = ({ answer }: { answer: RecordOf<'answer'> }) => answer.result === 'accept'

function countKinds(answers: readonly RecordOf<'answer'>[]): MinerEvidence['kinds'] {
  const counts = new Map<string, number>()
  for (const answer of answers) {
    const kind = kindOf(answer)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count)
}

/** The result, and what found it: every verifier that rejected, not only the one that the reason names. */
function kindOf({ result, findings, reason }: RecordOf<'answer'>): string {
  if (result !== 'reject') return result
  const found = findings.filter(({ verdict }) => verdict === 'reject').map(({ verifier }) => verifier)
  return found.length === 0 ? `reject: ${reason}` : `reject by ${found.join(' and ')}`
}

function showAnswer(
  round: number,
  prompt: string,
  { reveal, reason, findings, surprise }: RecordOf<'answer'>,
  spell: Spell,
): ShownAnswer {
  const tokens = reveal?.tokens ?? []
  const at = departure(reason)
  const cut = at === undefined ? tokens.length : Math.min(at, tokens.length)
  return {
    round,
    prompt,
    text: [spell(tokens.slice(0, cut)), spellOne(tokens[cut], spell), spell(tokens.slice(cut + 1))],
    tokens: tokens.length,
    reason,
    largestMargin: figure(findings, 'largestMargin'),
    shareOfThreshold: figure(findings, 'shareOfThreshold'),
    surprise,
  }
}

/** One token, or what stands for it where it spells nothing by itself. */
function spellOne(token: number | undefined, spell: Spell): string {
  if (token === undefined) return ''
  return spell([token]) || '(end)'
}

/** The first token that the replay would not have chosen, from the reason of the reject. */
export function departure(reason: string): number | undefined {
  const [, position] = /^token (\d+) lies /.exec(reason) ?? []
  return position === undefined ? undefined : Number(position)
}

function figuresOf(hotkey: string, { answers, sums }: PublishedRound): RoundFigures {
  const findings = answers.filter((answer) => answer.hotkey === hotkey).flatMap((answer) => answer.findings)
  return {
    largestMargin: figure(findings, 'largestMargin'),
    shareOfThreshold: figure(findings, 'shareOfThreshold'),
    sum: sums.get(hotkey) ?? 0,
  }
}

function figure(findings: RecordOf<'answer'>['findings'], name: string): number | undefined {
  const values = findings.flatMap(({ figures }) => figures[name] ?? [])
  return values.length === 0 ? undefined : Math.max(...values)
}
