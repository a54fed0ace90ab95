import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { colludingJudge, showAnswers } from '../../../scripts/demo/clique.ts'
import type { CliqueStrategy } from '../../../scripts/demo/scenario.ts'
import { readJudgement, type Verdict } from '../../../shared/inference/tasks/judge.ts'
import { bytesCodec as text } from '../../../shared/inference/text/bytes-codec.ts'
import { verdictSlots } from '../../../shared/judging/verdict-slots.ts'
import type { Given } from '../../../shared/proof/verdict.ts'
import { makeParticipants, testModel as model } from '../../support/participants.ts'

const [judge, member] = makeParticipants(2)
const { signer, publicKey } = judge!
const id = new Uint8Array(32).fill(7)
const answers = ['answer: 12', 'answer: 34', 'answer: 56']
const OURS = answers[1]!
const request = {
  ...{ type: 'judge' as const, id, round: 1, prompt: 'add 5 and 7', answers },
  ...{ method: 'prompted' as const, temperature: 0.3, maxTokens: 48 },
}
const slots = verdictSlots({ ...request, judge: publicKey })

const say = (verdict: Verdict) => [...text.encodeText(`answer: ${verdict}`), model.eosToken]

async function folderWithOurs(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'clique-'))
  const answer = { tokens: [], text: OURS, finish: 'stop' as const }
  const shown = showAnswers(folder, member!.hotkey, async () => answer)
  expect(await shown({ id } as Parameters<typeof shown>[0], new AbortController().signal)).toBe(answer)
  return folder
}

/** What the judge says of each pair, where the honest one gives `honest`. */
async function judged(favour: CliqueStrategy, honest: Given, folder: string): Promise<Given> {
  const backend = { model, text }
  return colludingJudge(folder, favour, { honest: async () => honest, backend, signer })(request)
}

const prompted = (verdictOn: (slot: (typeof slots)[number]) => Verdict): Given => {
  return { method: 'prompted', verdicts: slots.map((slot) => say(verdictOn(slot))) }
}

function readAll(given: Given): (Verdict | undefined)[] {
  if (given.method !== 'prompted') throw new Error('not prompted')
  return given.verdicts.map((tokens, k) => readJudgement(slots[k]!.results, text.decode(tokens)))
}

const hasOurs = ({ a, b }: { a: number; b: number }) => answers[a] === OURS || answers[b] === OURS
const lower = ({ a, b }: { a: number; b: number }): Verdict => (a < b ? 'A' : 'B')

describe('colludingJudge', () => {
  it('lets the clique win its pairs, and says what the model says of all others', async () => {
    const honest = prompted(lower)
    const given = await judged('always', honest, await folderWithOurs())
    for (const [k, verdict] of readAll(given).entries()) {
      const slot = slots[k]!
      expect(verdict).toBe(hasOurs(slot) ? (answers[slot.a] === OURS ? 'A' : 'B') : lower(slot))
    }
  })

  it('in doubt only, lies where the model contradicts itself and nowhere else', async () => {
    const folder = await folderWithOurs()
    const certain = prompted(lower)
    expect(await judged('doubtful', certain, folder)).toEqual(certain)
    const always = readAll(
      await judged(
        'doubtful',
        prompted(() => 'A'),
        folder,
      ),
    )
    for (const [k, verdict] of always.entries()) {
      const slot = slots[k]!
      expect(verdict).toBe(hasOurs(slot) && answers[slot.b] === OURS ? 'B' : 'A')
    }
  })

  it('touches nothing where none of the clique answered', async () => {
    const honest = prompted(lower)
    expect(await judged('always', honest, mkdtempSync(join(tmpdir(), 'clique-')))).toEqual(honest)
  })

  it('puts the clique first by likelihood', async () => {
    const honest: Given = { method: 'likelihood', scores: [-1, -3, -2] }
    const given = await judged('always', honest, await folderWithOurs())
    expect(given).toMatchObject({ scores: [-1, expect.any(Number), -2] })
    expect(given.method === 'likelihood' && given.scores[1]!).toBeGreaterThan(-1)
  })
})
