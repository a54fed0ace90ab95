import {
  type Chart,
  figure,
  shortAddress,
  span,
  type Table,
  type View,
} from '../../shared/process/status/view.ts'
import type { RowMemory } from './row-memory.ts'
import type { MinerStatus } from './status.ts'

const RESULTS = ['accepted', 'rejected', 'inconclusive', 'missed', 'refused'] as const
/** As many as there are colours. */
const DRAWN_VALIDATORS = 8

/** What is measured between two points of a chart. */
export interface Rates {
  readonly answeredPerMinute: number
  readonly refusedPerMinute: number
}

/** The miner's page. */
export function minerView(status: MinerStatus, memory: RowMemory): View {
  const { hotkey, netuid, uid, version, upSeconds } = status
  return {
    title: 'Starling miner',
    subtitle: `${hotkey} · uid ${uid ?? '–'} on subnet ${netuid} · ${status.model.name} in ${status.model.executionClass} · version ${version} · up for ${span(upSeconds)}`,
    reasons: status.reasons.map(({ message }) => message),
    figures: figuresOf(status),
    charts: [
      scoresByRound(status, memory),
      answersByRound(status, memory),
      timeChart('requests', 'Requests', 'a minute', ['answered', 'refused']),
      timeChart('tokens', 'Answers', 'tokens a second', ['tokens/s']),
      timeChart('engine', 'Engine', 'generations', ['decoded together', 'waiting']),
      timeChart('pay', 'Incentive', 'share of the subnet’s at the last epoch', ['incentive']),
      timeChart('sessions', 'Sessions', 'connected validators', ['sessions']),
      timeChart('head', 'Newest block', 'seconds ago', ['age']),
    ],
    tables: [receiptsTable(status)],
  }
}

/** Values of the charts that grow by time. */
export function minerPoints(status: MinerStatus, rates: Rates): Record<string, (number | null)[]> {
  const { engine, sessions, chain, tokens, pay } = status
  return {
    requests: [rates.answeredPerMinute, rates.refusedPerMinute],
    tokens: [tokens.perSecond],
    engine: [engine.active, engine.queue],
    pay: [pay?.incentive ?? null],
    sessions: [sessions],
    head: [chain.headAgeSeconds],
  }
}

function figuresOf(status: MinerStatus): View['figures'] {
  const { receipts, pay, engine, sessions, requests, tokens, chain } = status
  const scores = receipts.map(({ score }) => score)
  const mean = scores.length === 0 ? undefined : scores.reduce((sum, one) => sum + one, 0) / scores.length
  const rejected = receipts.reduce((sum, row) => sum + row.rejected, 0)
  return [
    {
      ...{ label: 'Score', value: figure(mean, 3) },
      hint: `newest receipts of ${receipts.length} ${receipts.length === 1 ? 'validator' : 'validators'}`,
      ...(rejected > 0 ? { tone: 'bad' } : {}),
    },
    {
      ...{ label: 'Place', value: pay?.rank == null ? '–' : String(pay.rank) },
      hint: `of ${pay?.paid ?? 0} that the last epoch paid`,
    },
    {
      ...{ label: 'Incentive', value: pay === null ? '–' : `${figure(100 * pay.incentive, 2)} %` },
      hint: `${figure((pay?.emissionRao ?? 0) / 1e9, 4)} alpha at the last epoch`,
    },
    {
      ...{ label: 'Sessions', value: String(sessions) },
      hint: status.axon === null ? 'dials validators' : `axon ${status.axon.ip}:${status.axon.port}`,
    },
    {
      ...{ label: 'Requests', value: figure(requests.answered) },
      hint: `answered; ${figure(requests.refused)} refused`,
    },
    {
      ...{ label: 'Tokens', value: `${figure(tokens.perSecond, 1)} /s` },
      hint: `${figure(tokens.total)} since the start`,
    },
    {
      ...{ label: 'Engine', value: engine.alive ? 'up' : 'down' },
      hint: `${figure(engine.active ?? undefined)} at work, ${figure(engine.queue ?? undefined)} waiting, ${engine.restarts} restarts`,
      tone: engine.alive ? 'good' : 'bad',
    },
    {
      ...{ label: 'Newest block', value: figure(chain.block ?? undefined) },
      hint: `${span(chain.headAgeSeconds)} ago`,
    },
  ]
}

function scoresByRound({ receipts }: MinerStatus, memory: RowMemory): Chart {
  const drawn = receipts.slice(0, DRAWN_VALIDATORS)
  const rounds = [
    ...new Set(drawn.flatMap(({ validator }) => memory.rows(validator).map(({ round }) => round))),
  ]
  rounds.sort((a, b) => a - b)
  return {
    ...{ id: 'scores', title: 'Score', unit: 'by round and validator', kind: 'lines', x: 'round' },
    series: drawn.map(({ validator, validatorUid }) =>
      validatorUid === null ? shortAddress(validator) : `uid ${validatorUid}`,
    ),
    rows: [
      rounds,
      ...drawn.map(({ validator }) => {
        const scores = new Map(memory.rows(validator).map(({ round, row }) => [round, row.score]))
        return rounds.map((round) => scores.get(round) ?? null)
      }),
    ],
  }
}

/** Of the validator whose receipt is the newest: rounds of others have the same numbers and other answers. */
function answersByRound({ receipts }: MinerStatus, memory: RowMemory): Chart {
  const [newest] = receipts
  const rows = newest === undefined ? [] : memory.rows(newest.validator)
  return {
    ...{
      id: 'answers',
      title: 'Answers',
      kind: 'stacked',
      x: 'round',
      series: RESULTS,
      colors: [3, 6, 7, 2, 5],
    },
    unit: newest === undefined ? 'by round' : `by round of ${shortAddress(newest.validator)}`,
    rows: [rows.map(({ round }) => round), ...RESULTS.map((result) => rows.map(({ row }) => row[result]))],
  }
}

function timeChart(id: string, title: string, unit: string, series: readonly string[]): Chart {
  return { id, title, unit, series, kind: 'lines', x: 'time' }
}

function receiptsTable({ receipts }: MinerStatus): Table {
  const number = (name: string) => ({ name, isNumber: true })
  return {
    title: 'Newest receipts',
    columns: [
      ...[
        { name: 'validator' },
        number('uid'),
        number('round'),
        number('score'),
        number('answers'),
        number('judging'),
      ],
      ...[number('accepted'), number('rejected'), number('missed'), { name: 'why not more' }],
    ],
    rows: receipts.map((one) => [
      ...[
        shortAddress(one.validator),
        one.validatorUid === null ? '–' : String(one.validatorUid),
        String(one.round),
      ],
      ...[one.score, one.answer, one.judge].map((value) => value.toFixed(3)),
      ...[one.accepted, one.rejected, one.missed].map(String),
      one.reasons.join('; '),
    ]),
    empty: 'No validator has settled a round with this miner yet.',
  }
}
