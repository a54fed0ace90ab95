import { expect, it } from 'vitest'
import type { AblationFacts } from '../../../scripts/bench/swarm/real/measure-ablation.ts'
import type { InjectionFacts } from '../../../scripts/bench/swarm/real/measure-injection.ts'
import type { MismatchFacts } from '../../../scripts/bench/swarm/real/measure-mismatch.ts'
import type { FieldFacts } from '../../../scripts/bench/swarm/real/summarise.ts'
import { SECTIONS } from '../../../scripts/bench/swarm/report/sections.ts'
import type { CliqueRow } from '../../../scripts/bench/swarm/simulate/measure-cliques.ts'

const machine = { maxBatch: 16, threads: 2 }
const mismatch = {
  ...{ verdicts: 500, tokens: 9_000, mismatched: 0, inconclusive: 0, inexact: 3, largestMargin: 2e-6 },
} satisfies Partial<MismatchFacts>
const injection = {
  ...{ pairs: 100, clean: 0.8, injected: 0.79, drop: 1, dropUpper: 1.5, unchanged: 0.4 },
} satisfies Partial<InjectionFacts>
const clique = {
  ...{ setting: 'product', clique: 40, nodes: 15, strategy: 'always', alone: true },
  ...{ full: 0.9, fullError: 0.01, answer: 1, answerError: 0.01, best: 1.01, bestError: 0.02 },
  ...{ silencedRounds: 1, honestSilencedRounds: 0 },
} satisfies Partial<CliqueRow>
const accuracy = { value: 0.7, low: 0.65, high: 0.75 }
const field = {
  questions: 880,
  rungs: {
    majority: accuracy,
    swarm: { value: 0.8, low: 0.78, high: 0.82 },
  } as unknown as FieldFacts['rungs'],
  ...{ oracle: 0.9, bestSingle: { name: 'base no. 3', accuracy: 0.77 } },
  ...{ gain: { value: 10, low: 8, high: 12 }, overBest: { value: 3, low: 1, high: 5 }, gapClosed: 0.5 },
  families: { 'roman<': { questions: 80, single: 0.5, majority: 0.6, swarm: 0.7, oracle: 0.8 } },
} satisfies Partial<FieldFacts>
const ablation = {
  ...{ way: 'clusters', accuracy: 0.8, items: 5.5, pairs: 15, asked: 12, mixedUp: 0.01 },
} satisfies Partial<AblationFacts>
const miner = (behaviour: string, emission: number, silenced = false) => {
  const counts = { rejected: 1, replayed: 9, mismatched: silenced ? 2 : 0 }
  return { name: behaviour, behaviour, emission, silenced, ...counts }
}
const played = { paidEpochs: 3, rounds: 9, miners: [miner('honest', 2), miner('colluding', 1, true)] }
const shared = { hotkeys: 4, surprise: 40, by: 'first', others: 'copy', pay: 1, payError: 0.01, work: 1 }
const split = { hotkeys: 4, coldkeys: 'one', alone: false, pay: 0.25, overOne: 0.2, overOneError: 0.01 }
const lazy = { strategy: 'tie', share: 0.5, stopsAfter: 1, pRight: 0.7, judgeSkill: 0.85, payError: 0.01 }

/** Facts of each part as small as they may be, and what its section must show of them. */
const PARTS: Readonly<Record<string, { readonly facts: unknown; readonly shown: readonly string[] }>> = {
  top1: {
    facts: {
      skillEdge: 3,
      rows: ['honest', 'inverters'].flatMap((judges) => [{ nodes: 15, judges, top1: 0.7, top1Error: 0.01 }]),
    },
    shown: ['15 nodes', '40 % inverters', 'asked of 15'],
  },
  scenario: {
    facts: {
      ...{ seeds: 2, top1: { mean: 0.6, error: 0.02 } },
      groups: [
        {
          ...{ group: 'clique', count: 4, accuracy: null },
          ...{ pay: { mean: 0.9, error: 0.1 }, best: { mean: 1.2, error: 0.1 } },
          ...{ answerPay: { mean: 1, error: 0 }, silenced: { mean: 0.25, error: 0 } },
          first: { mean: 0.4, error: 0.1 },
        },
      ],
    },
    shown: ['clique (4)', '0.9 · 1 · 1.2', '– · 0.25 · 0.4', '0.6'],
  },
  validators: {
    facts: {
      ...{
        games: 2,
        honest: [
          [0.95, 0.97],
          [0.93, 0.99],
        ],
        cards: [[0.9, 0.96]],
      },
      copiers: [{ name: 'redrawn', means: [0.4, 0.44] }],
    },
    shown: ['honest, stake 1', '0.98', 'reads cards', 're-drawn', '0.42'],
  },
  cliques: {
    facts: { seeds: 2, cells: [clique, { ...clique, setting: 'no verdict replayed', full: 1.2 }] },
    shown: ['40 % of 15 nodes', 'always, on its own model', '0.9 · 1 · 1.01', 'no verdict replayed: always'],
  },
  sharing: {
    facts: { shared: [shared, { ...shared, by: 'any', others: 'miss' }], split: [split] },
    shown: ['S = 40 nats', 'turns; misses', '1 coldkey', 'k = 4'],
  },
  lazy: {
    facts: { answeringCost: 0.5, judgingCost: 0.1, rows: [{ ...lazy, gain: -0.12 }] },
    shown: ['always a tie, on 50 % of its verdicts, until the first mismatch', 'at most -0.12'],
  },
  real: {
    facts: { mixed: field },
    shown: ['best single (base no. 3)', 'oracle', '10 · 3', 'roman&lt;'],
  },
  ablation: {
    facts: { fields: 22, ways: [ablation] },
    shown: ['one of each cluster is judged', '5.5', '1 %'],
  },
  injection: {
    facts: {
      ...{ all: injection, read: { ...injection, drop: 2.25, settled: 0 } },
      kinds: [{ ...injection, injection: 'label <b>', model: 'small', drop: -0.5 }],
    },
    shown: ['a judge read any of', '2.25', 'label &lt;b&gt;', 'judged by small', '-0.5'],
  },
  mismatch: {
    facts: {
      kinds: [
        { ...mismatch, kind: { model: 'small', precision: 'fp32', judge: machine, verifier: machine } },
      ],
      ...{ verdicts: 500, mismatched: 0, upper: 6e-3 },
    },
    shown: ['small fp32, batch 16 on 2', '0 of 500', '2e-6'],
  },
  devnet: {
    facts: {
      cliques: [{ ...played, strategy: 'always', emission: 0.5, best: 0.5 }],
      shared: { ...played, together: 1.02 },
    },
    shown: ['collude (always): 0.5 of honest pay', 'colluding, silenced', 'together 1.02'],
  },
}

it.each(SECTIONS)('the page shows what part $part found', ({ part, draw }) => {
  const { facts, shown } = PARTS[part]!
  // As a file would hold them.
  const drawn = draw(JSON.parse(JSON.stringify(facts)), [])
  for (const words of shown) expect(drawn).toContain(words)
  expect(drawn).toContain('<svg')
  expect(drawn).not.toMatch(/NaN|undefined|\[object/)
  expect(draw({}, [])).toBe('')
})
