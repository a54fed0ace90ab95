import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { toHex } from '../../../shared/proof/hash.ts'
import { auditFile } from '../../../validator/audit-file/audit-file.ts'
import { startAuditModels } from '../../../validator/audit-file/models.ts'
import type { RoundFile } from '../../../validator/audit-file/read-round.ts'
import { renderReport } from '../../../validator/audit-file/report.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import { isSilenced } from '../../../validator/scoring/verdict-strikes.ts'
import { recordsOf } from '../../support/reseal.ts'
import { type Conduct, type RoundWorld, roundWorld } from '../../support/round-world.ts'

let world: RoundWorld
const folder = mkdtempSync(join(tmpdir(), 'starling-judged-'))
afterEach(() => world.close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const six: Conduct[] = ['honest', 'honest', 'honest', 'honest', 'honest', 'forges']

/** Plays a round and audits it with the world's own engine. */
async function playAndAudit() {
  cpSync('models/nano', join(folder, 'nano'), { recursive: true })
  writeFileSync(join(folder, 'nano/calibration/similarity.json'), world.similarity)
  const engine = async () => ({ ...world.engine, close: async () => {} })
  const models = (file: RoundFile) => startAuditModels(file, folder, engine, 1)
  const { text, bookBefore } = await world.play()
  const report = await auditFile(new TextEncoder().encode(text), { models })
  const faults = report.checks.filter(({ status }) => status === 'failed')
  expect(faults, renderReport(report).join('\n')).toEqual([])
  const records = recordsOf(text)
  const verdicts = records.flatMap((record) =>
    record.kind === 'verdict' && record.opening !== undefined
      ? [{ judge: record.judge, ...record.opening }]
      : [],
  )
  expect(verdicts.length).toBeGreaterThan(0)
  return { records, verdicts, bookBefore }
}

it('counts each gold answer for the family of its challenge', async () => {
  world = await roundWorld(six, { goldShare: 1 })
  const { text, entry } = await world.play()
  const families = new Map(
    recordsOf(text).flatMap((record) =>
      record.kind === 'challenge' ? [[toHex(record.id), record.gold?.family] as const] : [],
    ),
  )
  const gold = entry.outcome.answers.filter((answer) => answer.gold)
  expect(gold.length).toBeGreaterThan(0)
  for (const { challengeId, family } of gold) {
    expect(family).toBeDefined()
    expect(family).toBe(families.get(challengeId))
  }
})

it('is clean where judges give likelihoods, and each score replays', async () => {
  world = await roundWorld(six, { judgeMethod: 'likelihood', verdictReplayShare: 1 })
  for (const { method, replays } of (await playAndAudit()).verdicts) {
    expect(method).toBe('likelihood')
    expect(replays.length).toBeGreaterThan(1)
    expect(new Set(replays.map(({ result }) => result))).toEqual(new Set(['match']))
  }
})

it('finds every forged verdict and no honest one, and silences whoever forges', async () => {
  world = await roundWorld(six, { verdictReplayShare: 1, canaryShare: 1, maxJudges: 3 })
  const forger = world.miners[5]!.hotkey
  const { records, verdicts } = await playAndAudit()
  const outcomes = new Map<boolean, Set<string>>()
  for (const { judge, replays } of verdicts)
    outcomes.set(
      judge === forger,
      new Set([...(outcomes.get(judge === forger) ?? []), ...replays.map(({ result }) => result)]),
    )
  expect(outcomes).toEqual(
    new Map([
      [false, new Set(['match'])],
      [true, new Set(['mismatch'])],
    ]),
  )
  for (const record of records) if (record.kind === 'judged') expect(record.canary).not.toBeNull()
  const { bookBefore } = await playAndAudit()
  const silenced = world.miners.map(({ hotkey }) =>
    isSilenced(bookBefore.miners[hotkey], undefined, defaultScoringConfig),
  )
  expect(silenced).toEqual([false, false, false, false, false, true])
})
