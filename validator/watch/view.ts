import {
  type Chart,
  figure,
  shortAddress,
  span,
  type Table,
  type View,
} from '../../shared/process/status/view.ts'
import { ANSWER_RESULTS } from '../metrics.ts'
import { ROUND_PHASES } from './events.ts'
import type { SeenRound } from './round-memory.ts'
import type { ValidatorStatus } from './status.ts'

/** Miners whose scores are drawn over the rounds: as many as there are colours. */
const DRAWN_MINERS = 8
/** Green for what was accepted, red for what was rejected. */
const RESULT_COLORS = [3, 6, 7, 2, 5]

/** The validator's page. */
export function validatorView(status: ValidatorStatus, rounds: readonly SeenRound[]): View {
  const { hotkey, netuid, uid, version, upSeconds } = status
  return {
    title: 'Starling validator',
    subtitle: `${hotkey} · uid ${uid ?? '–'} on subnet ${netuid} · version ${version} · up for ${span(upSeconds)}`,
    reasons: status.reasons.map(({ message }) => message),
    figures: figuresOf(status, rounds.at(-1)),
    charts: [
      scoresNow(status),
      scoresByRound(status, rounds),
      byRound(rounds, {
        ...{
          id: 'answers',
          title: 'Answers',
          unit: 'a round, by what became of them',
          series: ANSWER_RESULTS,
          colors: RESULT_COLORS,
        },
        values: ({ answers }) => ANSWER_RESULTS.map((result) => answers[result]),
      }),
      byRound(rounds, {
        ...{ id: 'phases', title: 'Time of a round', unit: 'seconds by phase', series: ROUND_PHASES },
        values: ({ phases }) => ROUND_PHASES.map((phase) => phases[phase] ?? null),
      }),
      timeChart('weights', 'Age of weights', 'blocks', ['age', 'limit']),
      timeChart('sessions', 'Sessions', 'connected miners', ['sessions']),
      timeChart('head', 'Newest block', 'seconds ago', ['age']),
      timeChart('engine', 'Engines', 'tokens a second; requests that wait', ['tokens/s', 'queue']),
    ],
    tables: [minersTable(status)],
  }
}

/** Values of the charts that grow by time. */
export function validatorPoints(status: ValidatorStatus): Record<string, (number | null)[]> {
  const { weights, chain, engines, sessions } = status
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    weights: [weights.ageBlocks, weights.limitBlocks],
    sessions: [sessions],
    head: [chain.headAgeSeconds],
    engine: [
      sum(engines.map(({ tokensPerSecond }) => tokensPerSecond ?? 0)),
      sum(engines.map(({ queue }) => queue ?? 0)),
    ],
  }
}

function figuresOf(status: ValidatorStatus, last: SeenRound | undefined): View['figures'] {
  const { weights, chain, miners, sessions, engines, round } = status
  const answers =
    last === undefined ? 0 : ANSWER_RESULTS.reduce((sum, result) => sum + last.answers[result], 0)
  const isStale = status.reasons.some(({ code }) => code === 'WEIGHTS_STALE')
  const down = engines.filter(({ alive }) => !alive).length
  return [
    {
      ...{ label: 'Last round', value: round === null ? '–' : String(round.number) },
      hint: round === null ? 'none settled since the start' : `took ${span(round.seconds)}`,
    },
    {
      ...{ label: 'Age of weights', value: `${figure(weights.ageBlocks ?? undefined)} blocks` },
      hint: `the limit is ${figure(weights.limitBlocks ?? undefined)}`,
      ...(isStale ? { tone: 'bad' } : {}),
    },
    {
      ...{ label: 'Newest block', value: figure(chain.block ?? undefined) },
      hint: `${span(chain.headAgeSeconds)} ago`,
    },
    {
      ...{ label: 'Sessions', value: String(sessions) },
      hint: `${miners.filter(({ hasAxon }) => hasAxon).length} miners with an axon`,
    },
    {
      ...{ label: 'Accepted', value: last === undefined ? '–' : `${last.answers.accept} of ${answers}` },
      hint: last === undefined ? 'answers' : `answers; ${last.answers.reject} rejected`,
      ...(last !== undefined && last.answers.reject > 0 ? { tone: 'bad' } : {}),
    },
    {
      ...{
        label: 'Judges',
        value: last === undefined ? '–' : `${last.judges.delivered} of ${last.judges.asked}`,
      },
      hint:
        last === undefined ? '' : `${last.verdicts.mismatched} of ${last.verdicts.replayed} verdicts differ`,
    },
    {
      ...{ label: 'Engines', value: down === 0 ? 'up' : `${down} down` },
      hint: engines.map(({ model }) => model).join(', '),
      tone: down === 0 ? 'good' : 'bad',
    },
    {
      ...{ label: 'State on disk', value: `${figure(status.stateBytes / 2 ** 20, 1)} MiB` },
      hint: status.unsaved ?? 'everything is written down',
      ...(status.unsaved === null ? {} : { tone: 'bad' }),
    },
  ]
}

function scoresNow({ miners }: ValidatorStatus): Chart {
  const shown = [...miners].filter(({ score }) => score > 0).sort((a, b) => a.uid - b.uid)
  return {
    ...{ id: 'scores', title: 'Scores now', unit: 'by uid', series: ['score'], kind: 'bars', x: 'uid' },
    rows: [shown.map(({ uid }) => uid), shown.map(({ score }) => score)],
  }
}

function scoresByRound({ miners }: ValidatorStatus, rounds: readonly SeenRound[]): Chart {
  const best = miners.filter(({ score }) => score > 0).slice(0, DRAWN_MINERS)
  return {
    ...{ id: 'best', title: 'Scores of the best', unit: 'by round', kind: 'lines', x: 'round' },
    series: best.map(({ uid }) => `uid ${uid}`),
    rows: [
      rounds.map(({ round }) => round),
      ...best.map(({ hotkey }) => rounds.map(({ scores }) => scores.get(hotkey) ?? null)),
    ],
  }
}

interface RoundChart extends Pick<Chart, 'id' | 'title' | 'unit' | 'series' | 'colors'> {
  readonly values: (round: SeenRound) => readonly (number | null)[]
}

function byRound(rounds: readonly SeenRound[], { values, ...chart }: RoundChart): Chart {
  const columns = rounds.map(values)
  return {
    ...chart,
    ...{ kind: 'stacked', x: 'round' },
    rows: [
      rounds.map(({ round }) => round),
      ...chart.series.map((_, i) => columns.map((column) => column[i] ?? null)),
    ],
  }
}

function timeChart(id: string, title: string, unit: string, series: readonly string[]): Chart {
  return { id, title, unit, series, kind: 'lines', x: 'time' }
}

function minersTable({ miners }: ValidatorStatus): Table {
  const number = (name: string) => ({ name, isNumber: true })
  return {
    title: 'Miners',
    columns: [
      ...[
        number('rank'),
        number('uid'),
        { name: 'hotkey' },
        number('score'),
        number('answers'),
        number('judging'),
      ],
      ...[number('evidence'), number('ping'), { name: 'why not more' }],
    ],
    rows: miners.map((miner) => [
      ...[miner.rank === null ? '–' : String(miner.rank), String(miner.uid), shortAddress(miner.hotkey)],
      ...[miner.score, miner.answer, miner.judge].map((value) => value.toFixed(3)),
      figure(miner.evidence, 2),
      miner.pingMs === null ? '–' : `${figure(miner.pingMs)} ms`,
      miner.reasons.join('; '),
    ]),
    empty: 'Nobody has been asked yet.',
  }
}
