import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Hyperparameters } from '../../../shared/chain/chain-client.ts'
import { StarlingError } from '../../../shared/process/errors.ts'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'
import type { PublicationEntry } from '../../../validator/store/entries.ts'
import { openScoreStore, readScores } from '../../../validator/store/score-store.ts'
import { dryRun } from '../../../validator/weights/dry-run.ts'
import { renderPlan } from '../../../validator/weights/render-plan.ts'
import { renderShown, showWeights } from '../../../validator/weights/show.ts'
import { createFakeWeightsChain } from '../../support/fake-weights-chain.ts'
import { createWorld, HOTKEYS, validator } from '../../support/weights-world.ts'

const intent: PublicationEntry = {
  ...{ kind: 'weights-intent', id: 0, chain: '0xfake', method: 'plain', round: 3, block: 1, epoch: 0 },
  ...{ uids: [0], weights: [65_535], versionKey: '0' },
}

function plan(rules: Partial<Hyperparameters> = {}, recorded: PublicationEntry[] = [], hotkeys = HOTKEYS) {
  const fake = createFakeWeightsChain({ signer: validator, hotkeys, rules })
  return dryRun({
    ...{ chain: fake.client(), signer: validator, netuid: 1, round: 3, recorded },
    scoresOf: () => ({ first: { score: 1 }, second: { score: 0.5 } }),
    random: (bytes) => new Uint8Array(bytes).fill(7),
    nowMs: 1_800_000_000_000,
  })
}

describe('a dry run', () => {
  it('prints each rule with pass or fail, the wait, and the call of plain weights', async () => {
    const found = await plan({ minAllowedWeights: 3, versionKey: 9n })
    expect(found).toMatchObject({ waitBlocks: 0, kind: 'plain', notes: [] })
    expect(found.call).toEqual({
      ...{ pallet: 'SubtensorModule', name: 'set_weights' },
      args: { netuid: 1, dests: [0, 1, 2], weights: [65_535, 0, 32_768], version_key: '9' },
    })
    const lines = renderPlan(found).split('\n')
    expect(lines.filter((line) => line.startsWith('pass  '))).toHaveLength(found.checks.length)
    expect(lines).toContain('wait  0 blocks')
    expect(lines).toContain('      weights: [65535, 0, 32768]')
    expect(lines).toContain('      0x<setWeights of subnet 1>')
  })

  it('names the rule that fails, and the blocks to wait', async () => {
    const world = createWorld({ weightsRateLimit: 30 })
    world.settle(1)
    await world.until(10)
    const found = await dryRun({
      ...{ chain: world.chain.client(), signer: validator, netuid: 1, round: 1, recorded: world.journal },
      ...{ scoresOf: () => ({ first: { score: 1 } }), random: (n: number) => new Uint8Array(n), nowMs: 0 },
    })
    const set = world.chain.deeds[0]!.block
    expect(found.waitBlocks).toBe(set + 30 - (world.chain.header().number + 1))
    expect(found.notes).toEqual(['round 1 is published already'])
    expect(renderPlan(found)).toMatch(/^FAIL {2}rate limit .*\(SettingWeightsTooFast\)$/m)
    expect(renderPlan(found)).toMatch(new RegExp(`^wait  ${found.waitBlocks} blocks$`, 'm'))
  })

  it('shows the commit that it would make, and what it hides', async () => {
    const hash = await plan({ commitReveal: true })
    expect(hash.call).toMatchObject({
      name: 'commit_weights',
      args: { netuid: 1, commit_hash: expect.stringMatching(/^0x\w{64}$/) },
    })
    expect(renderPlan(hash)).toContain('hides uids [0, 2], weights [65535, 32768]')
    expect(hash.checks.some(({ at, rule }) => at === 'reveal' && rule === 'validator permit')).toBe(true)
    expect(renderPlan(hash)).toContain('0x<commitWeights of subnet 1>')
    const timelocked = await plan({ commitReveal: true, commitScheme: 'timelocked' })
    expect(timelocked.encoded).toBe('0x<commitTimelockedWeights of subnet 1>')
    expect(timelocked.call).toMatchObject({
      name: 'commit_timelocked_weights',
      args: { netuid: 1, reveal_round: expect.any(Number), commit_reveal_version: 4 },
    })
  })

  it('judges a hotkey without a uid, and a subnet that is none', async () => {
    const stranger = await plan({}, [], ['first', 'second'])
    expect(stranger.waitBlocks).toBe('unknown')
    expect(renderPlan(stranger)).toMatch(
      /^FAIL {2}hotkey is registered .*no uid \(HotKeyNotRegisteredInSubNet\)$/m,
    )
    const fake = createFakeWeightsChain({ signer: validator, hotkeys: HOTKEYS })
    const chain = {
      ...fake.client(),
      metagraph: () => Promise.reject(new StarlingError('CHAIN_SUBNET_UNKNOWN', 'the chain has no subnet 9')),
      head: async () => ({ number: 5, hash: '0x' }),
    }
    const nowhere = await dryRun({
      ...{ chain, signer: validator, netuid: 9, round: 3, recorded: [], scoresOf: () => ({}), nowMs: 0 },
      random: (bytes) => new Uint8Array(bytes),
    })
    const failed = nowhere.checks.filter(({ passed }) => !passed)
    expect(failed).toMatchObject([{ error: 'MechanismDoesNotExist', detail: 'the chain has no subnet 9' }])
    expect(nowhere.call).toBeUndefined()
  })

  it('says what the journal still waits for', async () => {
    const { notes } = await plan({}, [intent])
    expect(notes).toEqual(['round 3 was sent at block 1; whether it got in is not known yet'])
  })
})

describe('showing weights', () => {
  it('lists the row, and each commit with its round and its window', async () => {
    const world = createWorld({ commitReveal: true, tempo: 50 })
    world.settle(1)
    await world.until(60)
    world.settle(2)
    await world.until(65)
    const shown = await showWeights(world.chain.client(), 1, validator.address, world.journal)
    expect(shown).toMatchObject({ uid: 1, uids: [0, 2], weights: [65_535, 16_449] })
    expect(shown.commits).toMatchObject([{ round: 2, epoch: 1, opens: 'by a reveal in blocks 101 to 150' }])
    const unknown = await showWeights(world.chain.client(), 1, validator.address, [])
    expect(renderShown(unknown)).toContain('(not in this journal)')
  })

  const withCommit = (revealRound: number | undefined, tempo: number) => {
    const client = createFakeWeightsChain({ signer: validator, hotkeys: HOTKEYS, rules: { tempo } }).client()
    const commit = { hash: `0x${'ab'.repeat(32)}`, block: 1, epoch: 0, revealRound }
    return showWeights({ ...client, weightCommits: async () => [commit] }, 1, validator.address, [])
  }

  it('tells when drand opens a commit, as far as a calendar goes', async () => {
    const { commits } = await withCommit(1_000, 50)
    expect(commits[0]!.opens).toBe('with drand round 1000, out at 2023-08-23T15:59:24.000Z')
    const never = await withCommit(Number.MAX_SAFE_INTEGER, 50)
    expect(never.commits[0]!.opens).toBe(`with drand round ${Number.MAX_SAFE_INTEGER}, which no calendar has`)
  })

  it('lists commits of a subnet whose epochs are stopped', async () => {
    const { commits } = await withCommit(undefined, 0)
    expect(commits[0]!.opens).toBe('not while no epochs run')
  })
})

describe('a state folder that is only looked at', () => {
  it('is left as it is, torn line included', () => {
    const folder = mkdtempSync(join(tmpdir(), 'starling-plan-'))
    const store = openScoreStore(folder, defaultScoringConfig)
    store.recordWeights(intent)
    const journal = join(folder, 'journal.jsonl')
    writeFileSync(journal, 'torn', { flag: 'a' })
    const before = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs])
    const text = readFileSync(journal, 'utf8')
    expect(readScores(folder, defaultScoringConfig).publications).toEqual([intent])
    expect(readFileSync(journal, 'utf8')).toBe(text)
    expect(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs])).toEqual(before)
    store.close()
    const again = openScoreStore(folder, defaultScoringConfig)
    expect(again.publications).toEqual([intent])
    again.close()
    rmSync(folder, { recursive: true })
    expect(() => readScores(folder, defaultScoringConfig)).toThrow(
      expect.objectContaining({ code: 'STATE_MISSING' }),
    )
  })
})
