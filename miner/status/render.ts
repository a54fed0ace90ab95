import { printableLine } from '../../shared/process/printable.ts'
import { shortAddress, span } from '../../shared/process/status/view.ts'
import type { StatusReport, ValidatorSide } from './report.ts'

const COLUMNS = 80
const NAME = 11
const U16 = 65_535

/** For a terminal of 80 columns. */
export function renderStatus(report: StatusReport): string {
  const { hotkey, netuid, withheld } = report
  return [
    line('miner', `${hotkey}`),
    ...wrapped('', `subnet ${netuid}${placeOf(report)}`),
    ...wrapped('running', runningOf(report)),
    ...chainLines(report),
    '',
    ...receiptLines(report),
    '',
    ...(withheld.length === 0
      ? [line('withheld', 'nothing, as far as the newest receipts say')]
      : [
          'what holds the score back, by the newest receipts:',
          ...withheld.flatMap((why) => wrapped('  -', why, 4)),
        ]),
  ].join('\n')
}

function placeOf({ chain }: StatusReport): string {
  if ('error' in chain) return ''
  return `, ${chain.uid === undefined ? 'not registered' : `uid ${chain.uid}`}, block ${chain.block}`
}

function runningOf({ running }: StatusReport): string {
  if ('error' in running) return `not seen: ${running.error}`
  const { upSeconds, ready, reasons, sessions } = running
  const state = ready ? 'ready' : `not ready: ${reasons.join('; ')}`
  const connected = `${sessions} validator${sessions === 1 ? '' : 's'} connected`
  return `for ${span(upSeconds)}, ${connected}, ${state}`
}

function chainLines({ chain, coinsADay }: StatusReport): string[] {
  if ('error' in chain) return wrapped('chain', chain.error)
  const { rank, miners, incentive, emission, coin, axon } = chain
  const day = coinsADay === undefined ? '' : `; at that rate ${coins(coinsADay)} ${coin} a day`
  return [
    line('axon', axon ?? 'none on chain'),
    line(
      'rank',
      rank === undefined ? `none among ${miners} miners` : `${rank} of ${miners} miners, by incentive`,
    ),
    line('incentive', `${((incentive / U16) * 100).toFixed(2)} % of the subnet’s`),
    ...wrapped('paid', `${coins(Number(emission) / 1e9)} ${coin} at the last epoch${day}`),
  ]
}

function receiptLines({ validators }: StatusReport): string[] {
  if (validators.length === 0) return ['no receipts yet: they come when a validator settles a round']
  return [
    columns('validator', 'round', 'score', 'answer', 'judge', 'ok', 'bad', 'late', 'gold', 'surprise'),
    ...validators.flatMap((side) => sideLines(side)),
  ]
}

function sideLines({ validator, rounds }: ValidatorSide): string[] {
  return rounds.map(({ round, row }, at) =>
    columns(
      at === 0 ? shortAddress(validator) : '',
      String(round),
      row.score.toFixed(3),
      row.answer.toFixed(3),
      row.judge.toFixed(3),
      String(row.accepted),
      String(row.rejected),
      String(row.missed + row.refused),
      `${row.goldRight}/${row.goldAsked}`,
      row.surprise.toFixed(0),
    ),
  )
}

/** 14 characters for an address, 7 for a number. */
function columns(first: string, ...rest: string[]): string {
  return first.padEnd(14) + rest.map((text) => text.padStart(text.length > 7 ? 9 : 7)).join('')
}

function coins(amount: number): string {
  if (amount === 0) return '0'
  return amount.toLocaleString('en-GB', { maximumSignificantDigits: 4 })
}

function line(name: string, text: string): string {
  return printableLine(name.padEnd(NAME) + text)
}

/** Breaks a text between words, below where it begins. */
function wrapped(name: string, text: string, indent = NAME): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of printableLine(text).split(' ')) {
    if (current !== '' && indent + current.length + 1 + word.length > COLUMNS) {
      lines.push(current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current].map((part, at) => (at === 0 ? name : '').padEnd(indent) + part)
}
