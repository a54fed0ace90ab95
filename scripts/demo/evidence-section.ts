import { FP32_MARGIN } from '../../shared/proof/decision.ts'
import { escapeHtml } from '../page/escape-html.ts'
import { lineChart } from '../page/line-chart.ts'
import type { MinerEvidence, ShownAnswer } from './evidence.ts'
import type { MinerFacts } from './facts.ts'

/** A miner of the run with what its answers show. */
export interface Accused {
  readonly miner: MinerFacts
  readonly color: string
  /** What it does, in a line. */
  readonly explained: string
  readonly evidence: MinerEvidence
}

/** Characters of a text that are shown around what matters. */
const CONTEXT = 160

/**
 * What the published rounds hold against each cheat, and of an honest miner beside it.
 * @param rounds that the figures are of
 */
export function evidenceSection(accused: readonly Accused[], rounds: readonly number[]): string {
  if (rounds.length === 0) return '<p class="hint">No validator published a round.</p>'
  const labels = rounds.map((round) => `round ${round}`)
  const series = (value: (figures: MinerEvidence['rounds'][number]) => number | undefined) =>
    accused.map(({ miner, color, evidence }) => ({
      name: miner.name,
      color,
      values: evidence.rounds.map(value),
    }))
  return [
    '<p>From the rounds as the validators published them: whoever holds the models can find the same with <code>npm run audit</code>.</p>',
    lineChart(
      'Largest margin of a round',
      'logit units by which a token lies below what the miner’s own seed would have chosen',
      labels,
      series(({ largestMargin }) => largestMargin),
      { from: 1e-8, to: 1e2, limit: { value: FP32_MARGIN, name: 'from here on a token is proof' } },
    ),
    lineChart(
      'Largest distance of hidden states in a round',
      'over the threshold that honest ones were calibrated to keep below',
      labels,
      series(({ shareOfThreshold }) => shareOfThreshold),
      { from: 1e-2, to: 1e8, limit: { value: 1, name: 'from here on it is a reject' } },
    ),
    // A flat line at 0 shows nothing that the sentence below does not say.
    ...(accused.some(({ evidence }) => evidence.rounds.some(({ sum }) => sum > 0))
      ? [
          lineChart(
            'What small differences add up to',
            'shares of an alarm, before each round',
            labels,
            series(({ sum }) => sum),
          ),
        ]
      : []),
    `<div class="cases">${accused.map(minerSection).join('')}</div>`,
  ].join('\n')
}

function minerSection({ miner, color, explained, evidence }: Accused): string {
  const { kinds, shown, rounds } = evidence
  const counts = kinds
    .map(({ kind, count }) => `<tr><td class="n">${count}</td><td>${escapeHtml(kind)}</td></tr>`)
    .join('')
  const sum = Math.max(0, ...rounds.map((round) => round.sum))
  const answer = shown === undefined ? '<p class="hint">It answered nothing.</p>' : answerSection(shown)
  return `<section class="evidence" style="border-color:${color}"><h3>${escapeHtml(miner.name)}</h3><p class="hint">${escapeHtml(explained)}</p>
<table><thead><tr><th class="n">answers</th><th>result</th></tr></thead><tbody>${counts}</tbody></table>
<p>Small margins and distances that add up from round to round, until a reject: ${percent(sum)} of an alarm at most.</p>${answer}</section>`
}

function answerSection(shown: ShownAnswer): string {
  const [before, token, after] = shown.text
  const isWrong = shown.reason !== ''
  const head = isWrong ? 'The first that was rejected' : 'One of its accepted answers'
  const facts = [
    ...(isWrong ? [escapeHtml(shown.reason)] : []),
    ...(shown.largestMargin === undefined
      ? []
      : [
          `largest margin of its ${shown.tokens} tokens: ${figure(shown.largestMargin)} (proof from ${figure(FP32_MARGIN)} on)`,
        ]),
    ...(shown.shareOfThreshold === undefined
      ? []
      : [`opened hidden states: ${figure(shown.shareOfThreshold)} times the threshold`]),
    `surprise: ${shown.surprise.toFixed(1)} nats`,
  ]
  const mark = token === '' ? '' : `<mark>${visible(token)}</mark>`
  return `<h4>${head}, round ${shown.round}</h4><blockquote class="asked">${escapeHtml(shown.prompt)}</blockquote>
<blockquote>${escapeHtml(ending(before))}${mark}${escapeHtml(beginning(after))}</blockquote>
<ul>${facts.map((fact) => `<li>${fact}</li>`).join('')}</ul>`
}

/** A token that ends the answer, or a blank, has to be seen, too. */
function visible(token: string): string {
  if (token.trim() === '') return token.includes('\n') ? '⏎' : '␣'
  return escapeHtml(token)
}

function ending(text: string): string {
  return text.length > CONTEXT ? `…${text.slice(-CONTEXT)}` : text
}

function beginning(text: string): string {
  return text.length > CONTEXT ? `${text.slice(0, CONTEXT)}…` : text
}

function figure(value: number): string {
  if (value === 0) return '0'
  return value >= 1e-3 && value < 1e4 ? value.toPrecision(3) : value.toExponential(1).replace('.0e', 'e')
}

function percent(share: number): string {
  return share === 0 ? '0 %' : `${(share * 100).toPrecision(2)} %`
}
