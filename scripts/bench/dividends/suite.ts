import { demoJson } from '../../demo/json.ts'
import type { Bar, Report, Suite, SuiteOptions } from '../suite.ts'
import { createDevnetLedger } from './devnet-ledger.ts'
import { DRAWS } from './draws.ts'
import { ADVISED, GAMES, gameOf, MINERS, randomOf, STAKES, simulateCopier } from './games.ts'
import type { Ledger } from './ledger.ts'
import { type CopierResult, playCopier } from './play.ts'
import { createSimulatedLedger, type LedgerRules } from './simulated-ledger.ts'
import { playTrust, TRUST_GAME } from './trust.ts'

/** What a subnet of Subtensor starts with. */
const UPSTREAM: LedgerRules = { revealPeriod: 1, yuma3: false, bondsMovingAverage: 900_000 }

/** What validators earn: honest ones that ask different questions, and one that copies. */
export const dividendsSuite: Suite = {
  async run(options, report) {
    const simulated = await playSimulated(options, report)
    if (options.quick) return { raw: { simulated }, bars: simulated.map(({ bar }) => bar) }
    const onChain = await playOnDevnet(options, report)
    const trust = await playTrust(options.seed, report)
    const trustBar: Bar = {
      name: 'validators.vtrust',
      value: Math.min(...trust.validators.map(({ vtrust }) => vtrust / 65_535)),
      unit: 'share',
      floor: 0.9,
      note: `the lesser of two; the demo’s processes, stakes 2 : 1, ${TRUST_GAME.paidEpochs} epochs of 3 rounds`,
    }
    return {
      raw: { simulated, onChain, trust: demoJson(trust, true) },
      bars: [trustBar, ...simulated.map(({ bar }) => bar), ...onChain.map(({ bar }) => bar)],
    }
  },
}

async function playSimulated({ quick, seed }: SuiteOptions, report: Report) {
  const seeds = quick ? 4 : 40
  const plans = [
    ...namesOf(DRAWS).map((draw) => ({
      draw,
      rules: ADVISED,
      suffix: draw === 'comeAndGo' ? '' : `.${draw}`,
    })),
    { draw: 'comeAndGo' as const, rules: UPSTREAM, suffix: '.upstream' },
  ]
  const rows = []
  for (const { draw, rules, suffix } of plans) {
    for (const name of namesOf(GAMES)) {
      const means = []
      for (let run = 0; run < seeds; run++) {
        report('simulated games', rows.length * seeds + run, plans.length * 2 * seeds)
        const result = await simulateCopier(draw, name, rules, { seed, run })
        means.push(mean(result.ratios))
      }
      const bar: Bar = {
        name: `copier.${name}${suffix}`,
        value: mean(means),
        unit: 'ratio',
        note: `dividends a stake over honest ones; mean of ${seeds} seeds × 40 epochs, ${range(means)}; ${describe(rules)}`,
      }
      rows.push({ bar, draw, rules, means })
    }
  }
  return rows
}

/** The same games on the real runtime, one seed each, with the simulation of that very seed beside it. */
async function playOnDevnet({ seed }: SuiteOptions, report: Report) {
  const rows = []
  for (const name of namesOf(GAMES)) {
    const game = gameOf('comeAndGo', name, 20)
    const total = game.warmUp + game.epochs
    const ledger = await createDevnetLedger(STAKES, MINERS, ADVISED, randomOf(seed, 'salt', name, 0))
    const random = () => randomOf(seed, 'comeAndGo', name, 0)
    const watched = counted(ledger, (done) => report(`epochs, ${name}, on a devnet`, done, total))
    const chain = await playCopier(game, watched, random()).finally(() => ledger.close())
    const twin = await playCopier(game, createSimulatedLedger(STAKES, MINERS, ADVISED), random())
    const bar: Bar = {
      name: `copier.${name}.devnet`,
      value: mean(chain.ratios),
      unit: 'ratio',
      note: `one seed on the runtime, ${game.epochs} epochs; simulated ${mean(twin.ratios).toFixed(4)}, farthest epoch ${farthest(chain, twin).toExponential(1)} apart`,
    }
    rows.push({ bar, chain, twin })
  }
  return rows
}

function counted(ledger: Ledger, onEpoch: (done: number) => void): Ledger {
  let done = 0
  return {
    ...ledger,
    async settle() {
      const pay = await ledger.settle()
      onEpoch(++done)
      return pay
    },
  }
}

function farthest(a: CopierResult, b: CopierResult): number {
  return Math.max(...a.ratios.map((ratio, at) => Math.abs(ratio - b.ratios[at]!)))
}

function describe({ revealPeriod, yuma3, bondsMovingAverage }: LedgerRules): string {
  return `Yuma ${yuma3 ? 3 : 2}, reveal after ${revealPeriod}, bonds keep ${bondsMovingAverage / 1e6}`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`
}

function namesOf<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[]
}
