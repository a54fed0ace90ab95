import { describe, expect, it } from 'vitest'
import type { MinerEvidence } from '../../../scripts/demo/evidence.ts'
import { checkExpectations } from '../../../scripts/demo/expectations.ts'
import type { DemoFacts, MinerFacts } from '../../../scripts/demo/facts.ts'
import { demoJson } from '../../../scripts/demo/json.ts'
import { type ReportEvidence, renderReport } from '../../../scripts/demo/report.ts'
import { DEMO } from '../../../scripts/demo/scenario.ts'
import { renderTable } from '../../../scripts/demo/table.ts'

const TAO = 1_000_000_000n
const EARNED = { honest: 10n, weak: 4n, substitute: 0n, copycat: 0n, faulty: 6n, colluding: 0n } as const

/** A run in which everything went as it should, but for the changes to one miner. */
function run(name?: string, change: Partial<MinerFacts> = {}): DemoFacts {
  const miners = DEMO.miners.map((role, uid): MinerFacts => {
    const cheats = role.behaviour === 'substitute' || role.behaviour === 'copycat'
    const died = role.behaviour === 'faulty'
    return {
      name: role.name,
      uid,
      hotkey: `hotkey-${uid}`,
      behaviour: role.behaviour,
      model: role.declares,
      rounds: 6,
      accepted: cheats ? 0 : 60,
      rejected: cheats ? 60 : 0,
      missed: died ? 20 : 0,
      restarts: died ? 1 : 0,
      acceptedAfterRestart: died ? 20 : 0,
      winRate: 0.5,
      score: 0.5,
      weight: 65_535,
      incentive: 10_000,
      emissionRao: EARNED[role.behaviour] * TAO,
      reasons: cheats ? ['<script>alert("row")</script>'] : [],
      ...(role.name === name ? change : {}),
    }
  })
  return {
    seconds: 90,
    seed: 1,
    chain: { specName: 'starling', wasmSha256: 'ab'.repeat(32), blocks: 100, epochs: 3 },
    miners,
    validators: ['validator-1', 'validator-2'].map((validator, uid) => {
      return {
        name: validator,
        uid: 10 + uid,
        hotkey: validator,
        dividends: 30_000,
        vtrust: 60_000,
        weightsSet: 5,
        emissionRao: TAO,
      }
    }),
    history: [{ epoch: 1, block: 20, paysMiners: true, paidRao: { 'hotkey-0': TAO } }],
  }
}

const failures = (facts: DemoFacts) => checkExpectations(facts, 3).filter(({ ok }) => !ok)

describe('checkExpectations', () => {
  it('holds for a run in which everyone gets what they deserve', () => {
    expect(failures(run())).toEqual([])
  })

  it.each<[string, string, Partial<MinerFacts>]>([
    ['an honest miner is rejected', 'honest-2', { rejected: 1 }],
    ['an honest miner earns nothing', 'honest-3', { emissionRao: 0n }],
    ['weak earns as much as honest', 'weak', { emissionRao: 10n * TAO }],
    ['weak earns nothing', 'weak', { emissionRao: 0n }],
    ['a substitute is not caught', 'substitute', { rejected: 0 }],
    ['a substitute earns over one percent', 'substitute', { emissionRao: TAO / 10n + 1n }],
    ['a copycat earns over one percent', 'copycat', { emissionRao: TAO / 10n + 1n }],
    ['faulty never died', 'faulty', { missed: 0, restarts: 0 }],
    ['faulty was not accepted again', 'faulty', { acceptedAfterRestart: 0 }],
    ['faulty earns as much as honest', 'faulty', { emissionRao: 10n * TAO }],
  ])('fails when %s', (_name, miner, change) => {
    expect(failures(run(miner, change))).not.toEqual([])
  })

  it('allows a cheat exactly one percent', () => {
    expect(failures(run('copycat', { emissionRao: TAO / 10n }))).toEqual([])
  })

  it('fails with too few paid epochs, or a validator without dividends', () => {
    const facts = run()
    expect(failures({ ...facts, chain: { ...facts.chain, epochs: 2 } })).toHaveLength(1)
    const [first, second] = facts.validators
    expect(failures({ ...facts, validators: [first!, { ...second!, dividends: 0 }] })).toHaveLength(1)
  })
})

const NO_EVIDENCE: ReportEvidence = { byHotkey: new Map(), rounds: [] }

/** Evidence in which whatever a miner wrote is markup. */
function hostile(hotkey: string): MinerEvidence {
  const markup = (where: string) => `<script>alert("${where}")</script>`
  const shown = {
    ...{ round: 4, prompt: markup('prompt'), reason: markup('reason'), tokens: 3, surprise: 1 },
    ...{ largestMargin: 2, shareOfThreshold: undefined },
    text: [markup('before'), markup('token'), markup('after')] as const,
  }
  const rounds = [{ largestMargin: 2, shareOfThreshold: undefined, sum: 0 }]
  return { hotkey, kinds: [{ kind: markup('kind'), count: 1 }], shown, rounds }
}

describe('what a person sees', () => {
  it('charts sums of evidence where there are any', () => {
    const facts = run()
    const reportOf = (sum: number) => {
      const evidence = hostile('hotkey-0')
      const rounds = [{ ...evidence.rounds[0]!, sum }]
      const shown = { byHotkey: new Map([['hotkey-0', { ...evidence, rounds }]]), rounds: [4] }
      return renderReport(facts, [], [], shown)
    }
    expect(reportOf(0.3)).toContain('What small differences add up to')
    expect(reportOf(0)).not.toContain('What small differences add up to')
  })

  it('shows every participant in table, JSON and report', () => {
    const facts = run()
    const report = renderReport(
      facts,
      checkExpectations(facts, 3),
      [{ name: 'validator-1', rounds: [] }],
      NO_EVIDENCE,
    )
    for (const { name } of [...facts.miners, ...facts.validators]) {
      expect(renderTable(facts)).toContain(name)
      expect(report).toContain(name)
    }
    expect(JSON.parse(JSON.stringify(demoJson(facts, true)))).toMatchObject({
      ok: true,
      miners: { length: DEMO.miners.length },
      validators: { length: 2 },
    })
  })

  it('keeps what peers wrote from becoming markup, and needs nothing from outside', () => {
    const facts = run()
    const evidence = facts.miners.map(({ hotkey }) => [hotkey, hostile(hotkey)] as const)
    const shown = { byHotkey: new Map(evidence), rounds: [4] }
    const report = renderReport(facts, checkExpectations(facts, 3), [], shown)
    expect(report).toContain('alert(&quot;prompt&quot;)')
    expect(report).not.toContain('<script')
    expect(report).not.toMatch(/(?:src|href)=|@import|url\(/)
  })
})
