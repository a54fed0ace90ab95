import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChainInfo, Commitment, Metagraph } from '../../../shared/chain/chain-client.ts'
import { signerFromUri } from '../../../shared/chain/wallet/dev-keys.ts'
import { type Anchor, encodeAnchor } from '../../../shared/proof/anchor.ts'
import { beaconMessage, commitsRoot } from '../../../shared/proof/beacon.ts'
import { canonicalHash } from '../../../shared/proof/canonical-json.ts'
import { promptSeed } from '../../../shared/proof/lot.ts'
import { seededRandom } from '../../../shared/proof/random.ts'
import { auditFile } from '../../../validator/audit-file/audit-file.ts'
import { checkSeal } from '../../../validator/audit-file/check-seal.ts'
import { blocksOnChain, neuronsOnChain, sealOnChain } from '../../../validator/audit-file/checks/node.ts'
import { oneAnchorOnChain } from '../../../validator/audit-file/checks/one-anchor.ts'
import { linkCheck } from '../../../validator/audit-file/links.ts'
import { startAuditModels } from '../../../validator/audit-file/models.ts'
import type { RoundFile } from '../../../validator/audit-file/read-round.ts'
import { type AuditReport, renderReport } from '../../../validator/audit-file/report.ts'
import { runAudit } from '../../../validator/audit-file/run-audit.ts'
import { promptFor } from '../../../validator/round/prompts.ts'
import type { RecordKind, RecordOf, RoundRecord } from '../../../validator/transcript/records.ts'
import { sealRound } from '../../../validator/transcript/seal.ts'
import { first, recordsOf, reseal } from '../../support/reseal.ts'
import { signedCall } from '../../support/round-chain.ts'
import { MARKER, NETUID, type RoundWorld, roundWorld, VALIDATOR } from '../../support/round-world.ts'

let world: RoundWorld
let models: string
/** Two rounds, one after the other. */
let earlier: string
let text: string
/** Of the later one. */
let number: number

/**
 * Who answers what is by lot, which no two runs have in common as signatures are drawn at random: rounds are played until one has
 * something for every edit below. With these rules six of ten have, until the penalties of about fifteen rounds leave too few miners.
 */
const MOST_ROUNDS = 60
const CONDUCTS = [
  'honest',
  'honest',
  'honest',
  'honest',
  'edits',
  'conceals',
  'forges',
  'busy',
  'silent',
] as const
const RULES = { maxChallenges: 5, maxJudges: 3, verdictReplayShare: 0.8 }
type Opening = RecordOf<'verdict'>['opening']
const repliesWith = (opening: Opening, result: 'match' | 'mismatch') =>
  opening?.replays.some((replay) => replay.result === result) ?? false
/** Numbers of the verdicts that were written, and say so. */
const saying = (opening: Opening, letter: 'A' | 'B') =>
  opening?.method === 'prompted'
    ? opening.verdicts.flatMap(({ length }, k) => (length > 0 && opening.read[k] === letter ? [k] : []))
    : []
const readsBoth = (opening: Opening) => saying(opening, 'A').length > 0 && saying(opening, 'B').length > 0

function holdsAll(file: string): boolean {
  const records = recordsOf(file)
  const has = <Kind extends RecordKind>(kind: Kind, fits: (record: RecordOf<Kind>) => boolean) =>
    records.some((record) => record.kind === kind && fits(record as RecordOf<Kind>))
  return (
    (['accept', 'reject', 'missed', 'refused'] as const).every((one) =>
      has('answer', ({ result }) => result === one),
    ) &&
    has('answer', ({ correct }) => correct !== undefined) &&
    has('challenge', ({ gold }) => gold === null) &&
    has('verdict', ({ opening }) => repliesWith(opening, 'match') && readsBoth(opening)) &&
    has('verdict', ({ opening }) => repliesWith(opening, 'mismatch')) &&
    has('judged', ({ canary }) => canary !== null) &&
    has('settled', ({ weights }) => weights.length > 0)
  )
}

beforeAll(async () => {
  models = mkdtempSync(join(tmpdir(), 'starling-models-'))
  cpSync('models/nano', join(models, 'nano'), { recursive: true })
  world = await roundWorld(CONDUCTS, RULES)
  writeFileSync(join(models, 'nano/calibration/similarity.json'), world.similarity)
  text = (await world.play()).text
  for (let rounds = 0; rounds === 0 || !holdsAll(text); rounds++) {
    if (rounds === MOST_ROUNDS)
      throw new Error(`no round of ${MOST_ROUNDS} holds all that these tests change`)
    earlier = text
    text = (await world.play()).text
  }
  number = first(recordsOf(text), 'round').round
})
afterAll(async () => {
  await world.close()
  rmSync(models, { recursive: true, force: true })
})

const bytesOf = (file: string) => new TextEncoder().encode(file)
const failed = ({ checks }: AuditReport) =>
  checks.filter(({ status }) => status === 'failed').map(({ name }) => name)

/** The engine of the round's own world, which outlives an audit. */
const readAgain = (file: RoundFile) =>
  startAuditModels(file, models, async () => ({ ...world.engine, close: async () => {} }), 1)

describe('an honest validator’s round', () => {
  it('holds every kind of record, and every way in which an answer can end', () => {
    const records = recordsOf(text)
    expect(new Set(records.map(({ kind }) => kind)).size).toBe(20)
    const results = records.flatMap((record) => (record.kind === 'answer' ? [record.result] : []))
    expect(new Set(results)).toEqual(new Set(['accept', 'reject', 'missed', 'refused']))
  })

  it('passes every check, and so does the next one', async () => {
    for (const file of [earlier, text]) {
      const report = await auditFile(bytesOf(file), { models: readAgain })
      expect(failed(report), renderReport(report).join('\n')).toEqual([])
      expect(report.checks.map(({ status }) => status)).not.toContain('skipped')
      expect(report.unproven.length).toBeGreaterThan(0)
    }
    expect(linkCheck(bytesOf(earlier), bytesOf(text)).status).toBe('passed')
  })

  it('says so where no model was run', async () => {
    const { checks } = await auditFile(bytesOf(text), {})
    expect(checks.filter(({ status }) => status === 'skipped').map(({ name }) => name)).toEqual(['audit'])
  })

  it('is not the one that another seal of the round before it leads to', () => {
    const other = reseal(earlier, VALIDATOR, (records) => {
      first(records, 'answer').surprise += 1
      return undefined
    })
    expect(linkCheck(other, bytesOf(text)).status).toBe('failed')
  })
})

describe('starling audit', () => {
  const flags = { models: false as const, threads: 1 }
  const write = (name: string, file: string | Uint8Array) => {
    writeFileSync(join(models, name), file)
    return join(models, name)
  }

  it('prints a line for each check, and one file after another', async () => {
    const printed: string[] = []
    const files = [write('3.jsonl', earlier), write('4.jsonl', text)]
    await runAudit(files, flags, (output) => printed.push(output))
    expect(printed.join('')).toMatch(
      /^\S+3\.jsonl: round \d+ of 5G.+\npass {2}seal.+4\.jsonl: .+\npass {2}link/s,
    )
    expect(printed.join('')).toContain('skip  audit')
  })

  it('fails with a code, after it has said where', async () => {
    const printed: string[] = []
    const file = write('bad.jsonl', text.replace('"surprise":', '"surprise":1'))
    const audit = runAudit([file], { ...flags, json: true }, (output) => printed.push(output))
    await expect(audit).rejects.toMatchObject({ code: 'AUDIT_FAILED', message: /bad\.jsonl at seal$/ })
    const [report] = JSON.parse(printed.join(''))
    expect(report.checks[0].faults[0]).toMatchObject({ line: expect.any(Number), why: /not what was sealed/ })
    await expect(runAudit([join(models, 'none')], flags, () => {})).rejects.toMatchObject({
      code: 'AUDIT_UNREADABLE',
    })
  })

  it('holds blocks and neurons against a node', async () => {
    const neurons = first(recordsOf(text), 'neurons').neurons
    const chain = {
      info: () => ({ marker: MARKER }) as ChainInfo,
      blockHash: async (number: number) => world.hashOf(number),
      metagraph: async () => ({ neurons }) as unknown as Metagraph,
      commitmentOf: async () => undefined as Commitment | undefined,
    }
    const extra = (node: typeof chain) => [blocksOnChain(node), neuronsOnChain(node), sealOnChain(node)]
    const look = async (node: typeof chain) => failed(await auditFile(bytesOf(text), { extra: extra(node) }))
    expect(await look(chain)).toEqual([])
    expect(await look({ ...chain, info: () => ({ marker: `0x${'00'.repeat(32)}` }) as ChainInfo })).toEqual([
      'chain',
    ])
    expect(await look({ ...chain, blockHash: async (n) => world.hashOf(n - 1) })).toEqual(['chain'])
    const fewer = async () => ({ neurons: neurons.slice(1) }) as unknown as Metagraph
    expect(await look({ ...chain, metagraph: fewer })).toEqual(['neurons'])

    const anchored = (data: Uint8Array) => ({ ...chain, commitmentOf: async () => ({ block: 9, data }) })
    const { root: rows } = first(recordsOf(text), 'settled')
    const seal = checkSeal(bytesOf(text)).seal!.root
    const naming = (previous: Anchor['previous'], commits = new Uint8Array(32)) =>
      anchored(encodeAnchor({ round: number + 1, commits, previous }))
    expect(await look(naming({ round: number, rows, seal }))).toEqual([])
    expect(await look(naming({ round: number, rows, seal: flipped(seal) }))).toEqual(['seal on chain'])
    expect(await look(naming({ round: number, rows: flipped(rows), seal }))).toEqual(['seal on chain'])
    expect(await look(naming({ round: number - 1, rows, seal: flipped(seal) }))).toEqual([])
    expect(await look(anchored(new Uint8Array(3)))).toEqual([])
  })
})

describe('anchors on a node', () => {
  /** A node that holds these commitments, each from its block on. */
  const look = async (...held: Commitment[]) => {
    const commitmentOf = async (_netuid: number, _hotkey: string, at?: string) =>
      held.findLast((commitment) => at !== undefined && !isBefore(at, commitment.block))
    return auditFile(bytesOf(text), { extra: [oneAnchorOnChain({ commitmentOf })] })
  }

  const isBefore = (hash: string, block: number) =>
    Array.from({ length: block }, (_, n) => world.hashOf(n)).includes(hash)

  it('are one a round, and that of the file', async () => {
    const { block } = first(recordsOf(text), 'anchor')
    const { commits } = first(recordsOf(text), 'beacon')
    const ours = { block, data: encodeAnchor({ round: number, commits, previous: undefined }) }
    expect(failed(await look(ours))).toEqual([])
    expect(failed(await look({ ...ours, block: block - 1 }, ours))).toEqual(['one anchor'])
    const others = encodeAnchor({ round: number, commits: flipped(commits), previous: undefined })
    expect(failed(await look({ ...ours, data: others }))).toEqual(['one anchor'])
    expect(failed(await look())).toEqual(['one anchor'])
    const before = encodeAnchor({ round: number - 1, commits, previous: undefined })
    expect(failed(await look({ block: block - 1, data: before }, ours))).toEqual([])
  })

  it('are not looked for where the node has forgotten', async () => {
    const commitmentOf = async () => {
      throw new Error('state discarded')
    }
    const report = await auditFile(bytesOf(text), { extra: [oneAnchorOnChain({ commitmentOf })] })
    expect(report.checks.at(-1)).toMatchObject({ name: 'one anchor', status: 'skipped' })
  })
})

describe('a flipped byte', () => {
  const random = seededRandom(new Uint8Array(32).fill(1))
  const below = (limit: number) => Math.floor(random() * limit)

  /** Another byte in its place: anything, or what leaves the line valid JSON where that can be. */
  function flip(byte: number, keepsJson: boolean): number {
    const digit = String.fromCharCode(byte)
    if (keepsJson && /[0-9a-z]/i.test(digit)) {
      const others = /[0-9]/.test(digit) ? '123456789' : 'abcdef'
      return others.replace(digit, '').charCodeAt(below(others.length - 1))
    }
    return byte ^ (1 + below(255))
  }

  it('is found and its line named: every byte of the seal, and 2,000 others', async () => {
    const file = bytesOf(text)
    const sealFrom = file.lastIndexOf(0x0a, file.length - 2) + 1
    const inSeal = Array.from({ length: file.length - sealFrom }, (_, i) => sealFrom + i)
    const places = [...inSeal, ...Array.from({ length: 2_000 }, () => below(sealFrom))]
    const lineAt = lineNumbers(file)
    const unfound: string[] = []
    for (const [i, at] of places.entries()) {
      const before = file[at]!
      file[at] = flip(before, i % 2 === 0)
      const report = await auditFile(file, {})
      const lines = report.checks.flatMap(({ faults }) => faults.map(({ line }) => line))
      // A newline within the seal makes a line more of it.
      const isNamed = lines.includes(lineAt[at]) || (at >= sealFrom && lines.includes(lineAt[at]! + 1))
      if (file[at] !== before && !isNamed) unfound.push(`byte ${at} of line ${lineAt[at]}: ${lines}`)
      file[at] = before
      // Where one goes unfound, all that follows takes its time.
      if (unfound.length > 5) break
    }
    expect(unfound).toEqual([])
    expect(places.length).toBeGreaterThan(4_000)
  }, 180_000)

  it('is found at either end, and so is a byte that came or went', async () => {
    const whole = bytesOf(text)
    const changes = [
      whole.subarray(0, -1),
      whole.subarray(1),
      bytesOf(`${text}\n`),
      bytesOf(`\ufeff${text}`),
      bytesOf(text.replace('\n', '\n\n')),
      bytesOf(text.slice(text.indexOf('\n') + 1)),
      new Uint8Array(0),
    ]
    for (const change of changes) expect(failed(await auditFile(change, {}))).toEqual(['seal'])
  })

  function lineNumbers(file: Uint8Array): number[] {
    let line = 1
    return [...file].map((byte) => (byte === 0x0a ? line++ : line))
  }
})

type Edit = (records: RoundRecord[]) => RoundRecord[] | undefined

/** Changes the first record of a kind that fits. */
function change<Kind extends RecordKind>(
  kind: Kind,
  edit: (record: RecordOf<Kind>, records: readonly RoundRecord[]) => void,
  fits?: (record: RecordOf<Kind>) => boolean,
): Edit {
  return (records) => {
    edit(first(records, kind, fits), records)
    return undefined
  }
}

/** Drops the last record of a kind: what is left stands where it stood. */
function dropLast(kind: RecordKind): Edit {
  return (records) => {
    const at = records.findLastIndex((record) => record.kind === kind)
    return [...records.slice(0, at), ...records.slice(at + 1)]
  }
}

function drop<Kind extends RecordKind>(kind: Kind, fits?: (record: RecordOf<Kind>) => boolean): Edit {
  return (records) => {
    const gone = first(records, kind, fits)
    return records.filter((record) => record !== gone)
  }
}

const wasRead = ({ opening }: RecordOf<'verdict'>) => readsBoth(opening)
const openedIn = ({ opening }: RecordOf<'verdict'>) => {
  if (opening?.method !== 'prompted') throw new Error('no prompted verdict')
  return opening
}

const accepted = ({ result }: RecordOf<'answer'>) => result === 'accept'
const rejected = ({ result }: RecordOf<'answer'>) => result === 'reject'
const flipped = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, i) => (i === 5 ? byte ^ 1 : byte))
const inverted = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xff)

/** Draws the beacon anew, as the validator can for whatever it likes. */
function redraw(records: readonly RoundRecord[], commits: Uint8Array, hash: string): void {
  const beacon = first(records, 'beacon')
  beacon.commits = commits
  beacon.vrf = VALIDATOR.vrf(beaconMessage(commits, hash))
}
const commitsOf = (records: readonly RoundRecord[]) =>
  commitsRoot(records.flatMap((record) => (record.kind === 'answer' ? (record.commit?.digest ?? []) : [])))

/** Makes of an answer that came one that did not. */
function conceal(record: RecordOf<'answer'>): void {
  for (const part of ['commit', 'reveal', 'correct', 'evidence'] as const) delete record[part]
  Object.assign(record, { result: 'missed', reason: 'late', surprise: 0, findings: [] })
}

/** Where the numbers, texts and flags of a JSON value stand. */
function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))
}

/** The value with another of its type at a place. */
function withOther(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key !== undefined) {
    const copy = structuredClone(value) as Record<string, unknown>
    copy[key] = withOther(copy[key], rest)
    return copy
  }
  if (typeof value === 'number') return Number.isInteger(value) ? value + 1 : value * 1.5 + 0.1
  if (typeof value === 'boolean') return !value
  const text = String(value)
  const [last, other] = text.startsWith('0x') ? ['0', '1'] : ['x', 'y']
  return text.slice(0, -1) + (text.endsWith(last) ? other : last)
}

describe('a validator that seals what did not happen', () => {
  it.each<[what: string, caughtBy: string, edit: Edit]>([
    ['another round', 'headers', change('round', (record) => (record.round += 1))],
    ['another block', 'headers', change('round', (record) => (record.block += 1))],
    ['another chain', 'challenges', change('round', (record) => (record.chain = flipped(record.chain)))],
    ['another subnet', 'challenges', change('round', (record) => (record.netuid += 1))],
    ['another validator', 'records', change('round', (r) => (r.validator = signerFromUri('//Bob').address))],
    ['another share of gold', 'challenges', change('round', (r) => (r.config.round.goldShare = 0))],
    ['fewer tokens asked for', 'audit', change('round', (r) => (r.config.round.maxTokens -= 1))],
    ['another share for judges', 'rows', change('round', (r) => (r.config.scoring.judgeShare = 0.9))],
    ['numbers it says nothing of', 'standing', change('round', (r) => (r.config.round.commitMs += 1))],
    ['a neuron of another owner', 'participants', change('neurons', (r) => (r.neurons[1]!.coldkey = 'me'))],
    ['a neuron twice', 'participants', change('neurons', (r) => r.neurons.push(r.neurons[1]!))],
    ['a neuron less', 'participants', change('neurons', (r) => r.neurons.splice(1, 1))],
    ['a model that ends elsewhere', 'models', change('model', (record) => (record.stopTokens = []))],
    ['a model that proves less', 'audit', change('model', (record) => (record.level = 2))],
    ['another whitening', 'models', change('model', (r) => (r.whitening = '0'.repeat(64)))],
    ['no model at all', 'participants', drop('model')],
    ['another round before it', 'continuity', change('previous', (r) => (r.previous!.round -= 1))],
    [
      'another seal before it',
      'anchor',
      change('previous', (r) => (r.previous!.seal = flipped(r.previous!.seal))),
    ],
    [
      'other rows before it',
      'anchor',
      change('previous', (r) => (r.previous!.rows = flipped(r.previous!.rows))),
    ],
    ['no round before it', 'continuity', change('previous', (record) => (record.previous = null))],
    ['another book', 'continuity', change('book', (r) => (Object.values(r.book.miners)[0]!.verified = 1))],
    [
      'another book, and that the round before ended with it',
      'continuity',
      change('book', ({ book }, records) => {
        Object.values(book.miners)[0]!.verified = 1
        first(records, 'previous').previous!.book = canonicalHash(book)
      }),
    ],
    ['a book from after the round', 'settlement', change('book', (record) => (record.book.round += 1))],
    ['another draw', 'draw', change('draw', ({ lot }) => (lot.output = flipped(lot.output)))],
    ['a draw without its proof', 'draw', change('draw', ({ lot }) => (lot.proof = flipped(lot.proof)))],
    ['somebody not drawn after all', 'draw', change('participant', (record) => (record.drawn = false))],
    ['a participant of another uid', 'participants', change('participant', (record) => (record.uid += 50))],
    [
      'a participant of another class',
      'participants',
      change('participant', (r) => (r.executionClass = 'x')),
    ],
    [
      'a participant left out',
      'answers',
      (records) => {
        const { hotkey } = first(records, 'answer')
        return records.filter((record) => record.kind !== 'participant' || record.hotkey !== hotkey)
      },
    ],
    ['a challenge more', 'records', (records) => [...records, first(records, 'challenge')]],
    ['a challenge less', 'challenges', drop('challenge')],
    ['another id', 'challenges', change('challenge', (record) => (record.id = flipped(record.id)))],
    [
      'two lots the other way round',
      'challenges',
      change('challenge', (one, records) => {
        const other = first(records, 'challenge', ({ index }) => index === 1)
        ;[one.lot, other.lot] = [other.lot, one.lot]
      }),
    ],
    [
      'a lot without its proof',
      'challenges',
      change('challenge', ({ lot }) => (lot.proof = flipped(lot.proof))),
    ],
    [
      'a lot that it likes better, and what follows from it',
      'challenges',
      change('challenge', (record, records) => {
        record.lot.output = new Uint8Array(32).fill(9)
        const { config } = first(records, 'round')
        const { prompt, gold } = promptFor(promptSeed(record.lot.output), config.round)
        record.prompt = prompt
        record.gold = gold === undefined ? null : { family: gold.family, answer: gold.answer }
      }),
    ],
    ['a prompt that it likes better', 'challenges', change('challenge', (r) => (r.prompt += ' please'))],
    [
      'gold where there was none',
      'challenges',
      change('challenge', (record) => (record.gold = record.gold ? null : { family: 'add', answer: '4' })),
    ],
    ['an answer less', 'answers', drop('answer')],
    ['the last answer less', 'answers', dropLast('answer')],
    [
      'two answers the other way round',
      'answers',
      (records) => {
        const at = records.findIndex(({ kind }) => kind === 'answer')
        return [...records.slice(0, at), records[at + 1]!, records[at]!, ...records.slice(at + 2)]
      },
    ],
    ['an answer that never came, and did', 'commits', change('answer', conceal, accepted)],
    [
      'the same, with a beacon for the commits that are left',
      'anchor',
      change(
        'answer',
        (record, records) => {
          conceal(record)
          redraw(records, commitsOf(records), world.hashOf(first(records, 'beacon').block))
        },
        accepted,
      ),
    ],
    [
      'a commit that nobody signed',
      'commits',
      change('answer', (r) => (r.commit!.signature = flipped(r.commit!.signature)), accepted),
    ],
    ['another token', 'audit', change('answer', (r) => (r.reveal!.tokens[2]! ^= 1), accepted)],
    ['another text', 'audit', change('answer', (r) => (r.reveal!.text = 'x'), accepted)],
    ['another salt', 'audit', change('answer', (r) => (r.reveal!.salt = flipped(r.reveal!.salt)), accepted)],
    [
      'other hidden states',
      'audit',
      change('answer', (r) => (r.reveal!.openings[0]!.sketches[0]! += 1), accepted),
    ],
    ['a leaf less opened', 'audit', change('answer', (r) => r.reveal!.openings.pop(), accepted)],
    [
      'an accept that was a reject',
      'audit',
      change('answer', (r) => Object.assign(r, { result: 'accept', reason: '' }), rejected),
    ],
    [
      'a reject that was an accept',
      'audit',
      change('answer', (r) => Object.assign(r, { result: 'reject', reason: 'no' }), accepted),
    ],
    [
      'that it can’t tell',
      'audit',
      change('answer', (r) => Object.assign(r, { result: 'inconclusive', reason: 'no' }), accepted),
    ],
    ['another reason', 'audit', change('answer', (record) => (record.reason = 'it smells'), rejected)],
    [
      'what gold was worth',
      'audit',
      change(
        'answer',
        (r) => (r.correct = !r.correct),
        (r) => r.correct !== undefined,
      ),
    ],
    ['more surprise', 'audit', change('answer', (record) => (record.surprise += 5), accepted)],
    [
      'evidence against the honest',
      'audit',
      change('answer', (r) => (r.evidence![0]!.peak += 0.5), accepted),
    ],
    ['another hash', 'similarity', change('answer', (r) => (r.simhash = inverted(r.simhash!)), accepted)],
    ['no hash', 'similarity', change('answer', (record) => delete record.simhash, accepted)],
    [
      'a hash of what was rejected',
      'hashes',
      change('answer', (r) => (r.simhash = new Uint8Array(128)), rejected),
    ],
    ['hashes by nobody', 'hashes', change('model', (record) => (record.similarity = null))],
    [
      'hashes by another calibration',
      'models',
      change('model', (record) => (record.similarity = 'ab'.repeat(32))),
    ],
    ['no evidence', 'audit', change('answer', (record) => delete record.evidence, accepted)],
    [
      'a margin that was none',
      'audit',
      change('answer', (r) => (r.findings[0]!.figures.largestMargin! += 1), accepted),
    ],
    ['a verifier’s finding', 'audit', change('answer', (r) => (r.findings[0]!.verdict = 'reject'), accepted)],
    [
      'a faster answer',
      'outcome',
      change('answer', (record) => (record.commit!.milliseconds /= 2), accepted),
    ],
    [
      'an anchor by somebody else',
      'anchor',
      change('anchor', (record, records) => {
        const bytes = signedCall(signerFromUri('//Bob').publicKey, NETUID, new Uint8Array(108))
        record.extrinsic = first(records, 'anchor') === record ? bytes : record.extrinsic
      }),
    ],
    ['an anchor at another place', 'anchor', change('anchor', (record) => (record.index = 0))],
    ['an anchor without its proof', 'anchor', change('anchor', (record) => (record.proof = []))],
    ['an anchor of another block', 'headers', change('anchor', (record) => (record.block -= 1))],
    [
      'a block that follows no other',
      'headers',
      change('headers', (r) => (r.headers[1] = flipped(r.headers[1]!))),
    ],
    ['a block less', 'headers', change('headers', (record) => record.headers.shift())],
    [
      'a beacon of the anchor’s own block',
      'headers',
      change('beacon', (record, records) => {
        record.block -= 1
        redraw(records, record.commits, world.hashOf(record.block))
        first(records, 'headers').headers.pop()
      }),
    ],
    [
      'a beacon that it liked better',
      'beacon',
      change('beacon', (record) => (record.vrf = VALIDATOR.vrf(new Uint8Array(32)))),
    ],
    ['other commits', 'commits', change('beacon', (record) => (record.commits = flipped(record.commits)))],
    ['another verdict', 'verdicts', change('verdict', (r) => openedIn(r).verdicts.reverse(), wasRead)],
    [
      'a token of a verdict',
      'verdicts',
      change(
        'verdict',
        (r) =>
          openedIn(r)
            .verdicts.find((v) => v.length)!
            .pop(),
        wasRead,
      ),
    ],
    [
      'what a verdict says',
      'judging',
      change('verdict', (r) => (openedIn(r).read[saying(r.opening, 'A')[0]!] = 'B'), wasRead),
    ],
    ['a verdict that says nothing', 'verdicts', change('verdict', (r) => openedIn(r).read.pop(), wasRead)],
    [
      'a mismatch that was none',
      'judging',
      change(
        'verdict',
        (r) => (r.opening!.replays.find(({ result }) => result === 'match')!.result = 'mismatch'),
        (r) => repliesWith(r.opening, 'match'),
      ),
    ],
    [
      'a match that was none',
      'judging',
      change(
        'verdict',
        (r) => (r.opening!.replays.find(({ result }) => result === 'mismatch')!.result = 'match'),
        (r) => repliesWith(r.opening, 'mismatch'),
      ),
    ],
    [
      'a mismatch that it can’t tell',
      'judging',
      change(
        'verdict',
        (r) => (r.opening!.replays.find(({ result }) => result === 'mismatch')!.result = 'inconclusive'),
        (r) => repliesWith(r.opening, 'mismatch'),
      ),
    ],
    [
      'a replay less',
      'verdicts',
      change(
        'verdict',
        (r) => r.opening!.replays.pop(),
        (r) => repliesWith(r.opening, 'match'),
      ),
    ],
    ['no field that was judged', 'verdicts', drop('judged')],
    [
      'a lot of verdicts that it likes better',
      'verdicts',
      change('judged', (r) => (r.lot.output = flipped(r.lot.output))),
    ],
    [
      'another planted answer',
      'verdicts',
      change(
        'judged',
        (r) => (r.canary!.text += '!'),
        (r) => r.canary !== null,
      ),
    ],
    [
      'no planted answer',
      'verdicts',
      change(
        'judged',
        (r) => (r.canary = null),
        (r) => r.canary !== null,
      ),
    ],
    [
      'a verdict that nobody signed',
      'verdicts',
      change(
        'verdict',
        (r) => (r.commit!.signature = flipped(r.commit!.signature)),
        (r) => r.opening !== undefined,
      ),
    ],
    ['a verdict less', 'verdicts', drop('verdict')],
    ['the last verdict less', 'verdicts', dropLast('verdict')],
    [
      'a verdict that was never opened, and was',
      'outcome',
      change(
        'verdict',
        (record) => {
          delete record.opening
          record.reason = 'late'
        },
        (record) => record.opening !== undefined,
      ),
    ],
    ['controls that failed, and passed', 'challenges', change('controls', (r) => (r.passed = !r.passed))],
    ['another ranking', 'ranking', change('ranking', (record) => (record.qualities[0]!.quality = 1))],
    ['nobody ranked', 'ranking', change('ranking', (record) => record.qualities.splice(0))],
    ['another outcome', 'outcome', change('outcome', (r) => (r.outcome.answers[0]!.surprise += 1))],
    ['another row', 'rows', change('row', (record) => (record.row.score += 0.1))],
    ['another reason for it', 'rows', change('row', (record) => record.row.reasons.push('because'))],
    ['a row less', 'rows', drop('row')],
    ['another root', 'settlement', change('settled', (record) => (record.root = flipped(record.root)))],
    [
      'rows that it did not sign',
      'settlement',
      change('settled', (r) => (r.signature = flipped(r.signature))),
    ],
    ['other weights', 'settlement', change('settled', (record) => (record.weights[0]! -= 1))],
    [
      'another book after it',
      'standing',
      change('standing', (record) => (record.book = flipped(record.book))),
    ],
    ['records in another order', 'records', (records) => records.reverse()],
  ])('is caught with %s, by %s', async (_what, caughtBy, edit) => {
    const file = reseal(text, VALIDATOR, edit)
    const needsModels = ['audit', 'models', 'judging', 'similarity'].includes(caughtBy)
    const report = await auditFile(file, needsModels ? { models: readAgain } : {})
    expect(failed(report), renderReport(report).join('\n')).toContain(caughtBy)
    expect(failed(report)).not.toContain('seal')
  })

  it('is caught with any one value changed, or the value is one that no file can prove', async () => {
    const unprovable = [
      /^neurons\.block$/,
      // A few bits of one differ from machine to machine, and of a line that nobody else wrote they decide nothing.
      /^answer\.simhash$/,
      // Of the validator itself, which is scored by nobody here.
      /^neurons\.neurons\.0\./,
      /^(answer|verdict)\.reason$/,
      // Of an answer that was not revealed, which has no speed.
      /^answer\.commit\.milliseconds$/,
      /shareOfThreshold$/,
      /^settled\.rules\./,
      // A path may fit one line more.
      /^previous\.previous\.count$/,
    ]
    const lines = text.split('\n').slice(0, -2)
    const values = lines.flatMap((line, i) => {
      const record = JSON.parse(line)
      return pathsIn(record).map((path) => ({ i, path, name: [record.kind, ...path].join('.') }))
    })
    const random = seededRandom(new Uint8Array(32).fill(2))
    const uncaught: string[] = []
    for (let n = 0; n < 30; n++) {
      const { i, path, name } = values[Math.floor(random() * values.length)]!
      const edited = lines.with(i, JSON.stringify(withOther(JSON.parse(lines[i]!), path)))
      const { round } = first(recordsOf(text), 'round')
      const file = bytesOf(sealRound(round, edited, VALIDATOR).text)
      const models = /^(answer|model|verdict)/.test(name) ? { models: readAgain } : {}
      if (failed(await auditFile(file, models)).length === 0) uncaught.push(name)
    }
    expect(uncaught.filter((name) => !unprovable.some((pattern) => pattern.test(name)))).toEqual([])
  }, 240_000)

  it('is caught with the seal of another key', async () => {
    const file = reseal(text, signerFromUri('//Bob'), () => undefined)
    expect(failed(await auditFile(file, {}))).toEqual(['records'])
    const stranger = { ...VALIDATOR, sign: signerFromUri('//Bob').sign }
    const forged = reseal(text, stranger, () => undefined)
    expect(failed(await auditFile(forged, {}))).toEqual(['seal'])
  })
})
