import { roundConfigSchema } from '../../../../validator/config.ts'
import { markdownTable } from '../../markdown-table.ts'
import type { Bar } from '../../suite.ts'
import { PART_NAMES } from '../parts.ts'
import { barsOf, type SwarmResults } from '../run-parts.ts'
import { ASKED } from './asked.ts'
import { figure, shown, verdict, whatOf } from './figures.ts'

/** The tables of docs/swarm.md by name, as Markdown; none of a scenario, which is no run of the suite. */
export function tablesOf(results: SwarmResults): Record<string, string> {
  if (results.parts.scenario !== undefined) return {}
  const bars = barsOf(results)
  const held = Object.keys(ASKED).flatMap((name) => bars.find((bar) => bar.name === name) ?? [])
  const reported = bars.filter(({ name }) => ASKED[name] === undefined)
  return {
    run: runLine(results),
    bars: markdownTable(
      ['what', 'bar', 'measured', 'elsewhere', 'met'],
      held.map((bar) => [
        whatOf(bar),
        ASKED[bar.name]!.asked,
        withNote(bar),
        ASKED[bar.name]!.best,
        verdict(bar, bars, results.quick),
      ]),
    ),
    reported: markdownTable(
      ['bar', 'measured', 'what it is made of'],
      reported.map((bar) => [`\`${bar.name}\``, shown(bar), bar.note ?? '']),
    ),
    fortytwo: markdownTable(['what', 'Fortytwo', 'here'], besideFortytwo(bars)),
  }
}

const { verdictTokens } = roundConfigSchema.parse({})

const withNote = (bar: Bar) => (bar.note === undefined ? shown(bar) : `${shown(bar)} (${bar.note})`)

/** Published figures beside ours: on other models, other questions and another network, so they stand side by side, not in a race. */
function besideFortytwo(bars: readonly Bar[]): string[][] {
  const value = (name: string) => bars.find((bar) => bar.name === name)?.value
  const [swarm, majority, single, oracle] = ['swarm', 'majority', 'bestSingle', 'oracle'].map((name) =>
    value(`real.${name}`),
  )
  const injection = bars.find(({ name }) => name === 'injection.upper')
  const read = value('injection.read')
  const whereRead = read === undefined ? '' : `; ${figure(read)} where the judge reads any of it`
  const clique = bars.find(({ name }) => name === 'clique60.pay')
  const or = (text: string | undefined) => text ?? 'not run'
  return [
    [
      'swarm over majority voting, the same answers',
      '+17.21 points (GPQA Diamond, 68.69 to 85.90 %)',
      swarm === undefined || majority === undefined
        ? 'not run'
        : `${signed(100 * (swarm - majority))} points (${percent(majority)} to ${percent(swarm)})`,
    ],
    [
      'swarm beside its best single member',
      '85.90 against 85.98 % (Grok 4)',
      swarm === undefined || single === undefined
        ? 'not run'
        : `${percent(swarm)} against ${percent(single)}`,
    ],
    [
      'share of the gap from the best single member to the oracle that is closed',
      'not published',
      or(gapClosed(swarm, single, oracle)),
    ],
    [
      'lost to injected instructions',
      '0.12 points, a single model 6.20',
      or(injection && `at most ${figure(injection.value)} points (upper 95 % end)${whereRead}`),
    ],
    [
      'dishonest share that it stands',
      'claimed below 1/3',
      or(clique && `60 %: a clique’s best pay is ${figure(clique.value)} of an honest miner’s`),
    ],
    ['comparisons a judge makes of n answers', 'about 3 n', '3 n − 2'],
    [
      'words before a verdict',
      '50–100 tokens of reasoning (+5.3 %)',
      `its steps and the result, ${verdictTokens} tokens at most`,
    ],
    [
      'what a lying judge risks',
      'its reputation',
      'one verdict in ten is replayed, one in five where nobody knows the truth; two mismatches are no weight and no pay',
    ],
  ]
}

function gapClosed(swarm?: number, single?: number, oracle?: number): string | undefined {
  if (swarm === undefined || single === undefined || oracle === undefined || oracle <= single)
    return undefined
  return percent((swarm - single) / (oracle - single))
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const signed = (points: number) => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}`

function runLine(results: SwarmResults): string {
  const { quick, seed, parts } = results
  const seconds = Object.values(parts).reduce((sum, part) => sum + (part?.timings.seconds ?? 0), 0)
  const left = PART_NAMES.filter((name) => parts[name] === undefined)
  const missing = left.length === 0 ? '' : ` Not run: ${left.join(', ')}.`
  return `Seed ${seed}, ${quick ? 'small samples (`--quick`)' : 'full samples'}, ${(seconds / 60).toFixed(0)} minutes.${missing}`
}
