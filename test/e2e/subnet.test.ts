import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { explainReceipt, renderExplanation } from '../../miner/explain/explain.ts'
import { checkPublished } from '../../miner/explain/published.ts'
import { readKept, receiptPath } from '../../miner/receipts/receipt-file.ts'
import { runDemo } from '../../scripts/demo/run-demo.ts'
import type { Scenario } from '../../scripts/demo/scenario.ts'
import { startEngine } from '../../shared/inference/start-engine.ts'
import { systemClock } from '../../shared/process/clock.ts'
import { auditFile } from '../../validator/audit-file/audit-file.ts'
import { startAuditModels } from '../../validator/audit-file/models.ts'
import { renderReport } from '../../validator/audit-file/report.ts'
import { publishedRounds } from '../../validator/transcript/publish.ts'

/** It takes less than one minute where nothing else runs. */
const LIMIT_SECONDS = 600

const scenario: Scenario = {
  miners: [
    { name: 'honest-1', behaviour: 'honest', declares: 'nano', runs: 'nano' },
    { name: 'honest-2', behaviour: 'honest', declares: 'nano', runs: 'nano' },
    { name: 'substitute', behaviour: 'substitute', declares: 'small', runs: 'nano' },
    { name: 'copycat', behaviour: 'copycat', declares: 'nano', runs: 'nano' },
  ],
  validators: [{ name: 'validator-1', stake: 1_000n }],
  blockMs: 1_000,
  tempo: 10,
  round: { roundBlocks: 5, goldPerMiner: 4, maxChallenges: 16, commitMs: 20_000 },
  // One epoch is too short for eight gold answers, and these models may be wrong in all of them.
  scoring: { examAnswers: 4, examRight: 0 },
  paidEpochs: 1,
}

it(
  'pays honest miners and no cheat, with real processes on a real chain',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starling-e2e-'))
    const said: string[] = []
    const { facts, journals } = await runDemo({
      scenario,
      folder,
      seed: 1,
      deadlineSeconds: LIMIT_SECONDS,
      clock: systemClock,
      screen: { say: (line) => said.push(line), table: () => {} },
      signal: new AbortController().signal,
    })
    const [honest1, honest2, substitute, copycat] = facts.miners
    expect(facts.chain, said.join('\n')).toMatchObject({ specName: 'starling', epochs: 1 })
    for (const honest of [honest1!, honest2!]) {
      expect(honest).toMatchObject({ rejected: 0 })
      expect(honest.accepted).toBeGreaterThan(0)
      expect(honest.emissionRao).toBeGreaterThan(0n)
    }
    for (const cheat of [substitute!, copycat!]) {
      expect(cheat.rejected).toBeGreaterThan(0)
      expect(cheat.emissionRao).toBe(0n)
    }
    expect(facts.validators[0]!.weightsSet).toBeGreaterThan(0)
    expect(facts.validators[0]!.dividends).toBeGreaterThan(0)
    expect(journals[0]!.rounds.every(({ outcome }) => outcome.controlsPassed)).toBe(true)
    for (const { block, challenges, lots, beacon } of journals[0]!.rounds) {
      expect(lots).toHaveLength(challenges)
      expect(beacon!.block).toBeGreaterThan(block + 1)
    }
    const published = join(folder, 'state', 'validator-1', 'rounds')
    const [newest] = publishedRounds(published).slice(-1)
    const report = await auditFile(readFileSync(join(published, `${newest}.jsonl`)), {
      models: (file) => startAuditModels(file, 'models', startEngine, 1),
    })
    expect(
      report.checks.map(({ status }) => status),
      renderReport(report).join('\n'),
    ).toEqual(report.checks.map(() => 'passed'))

    const { hotkey: validator } = facts.validators[0]!
    const { receipts, anchors: noted } = readKept(receiptPath(join(folder, 'state', 'honest-1'), validator))
    const receipt = receipts[0]!
    const file = readFileSync(join(published, `${receipt.round}.jsonl`), 'utf8')
    const shown = checkPublished(file, receipt, { validator, hotkey: honest1!.hotkey })
    const explained = explainReceipt(receipt, { validator, receipts, noted, chain: undefined }, [shown])
    const failed = explained.checks.filter(({ verdict }) => verdict === 'fail')
    expect(failed, renderExplanation(explained)).toEqual([])
    expect(shown).toMatchObject({ verdict: 'pass', detail: expect.stringMatching(/^place [12] of 4/) })
    rmSync(folder, { recursive: true, force: true })
  },
  (LIMIT_SECONDS + 30) * 1_000,
)
