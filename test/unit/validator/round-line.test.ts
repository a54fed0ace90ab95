import { describe, expect, it } from 'vitest'
import { encodeLine, readRecord } from '../../../validator/transcript/line.ts'
import type { RoundRecord } from '../../../validator/transcript/records.ts'

const verdict: RoundRecord = {
  ...{ kind: 'verdict', challenge: 3, judge: '5F', reason: '' },
  commit: { digest: new Uint8Array(32).fill(1), signature: new Uint8Array(64).fill(2) },
  opening: {
    ...{ method: 'likelihood', scores: [-0.5, -0, Number.MIN_VALUE], salt: new Uint8Array(32).fill(3) },
    replays: [{ verdict: 1, result: 'match' }],
  },
}
const line = encodeLine(verdict)

describe('a line of a published round', () => {
  it('is read back as the record that it was, to the last bit', () => {
    const read = readRecord(line)
    expect(read).toEqual({ record: verdict })
    const { opening } = (read as { record: typeof verdict }).record as typeof verdict & { kind: 'verdict' }
    expect(Object.is(opening!.method === 'likelihood' && opening!.scores[1], -0)).toBe(true)
  })

  it('keeps verdicts, and what each says', () => {
    const prompted: RoundRecord = {
      ...verdict,
      opening: {
        ...{ method: 'prompted', verdicts: [[], [7, 2 ** 32 - 1], [1]], read: [undefined, 'A', 'B'] },
        ...{ salt: new Uint8Array(32), replays: [] },
      },
    }
    const text = encodeLine(prompted)
    expect(text).toContain('"verdicts":"0x000207000000ffffffff0101000000","read":"-AB"')
    expect(readRecord(text)).toEqual({ record: prompted })
    for (const other of [text.replace('0x0002', '0x00ff'), text.replace('-AB', '-AC')])
      expect(readRecord(other)).toMatchObject({ field: expect.stringMatching(/^opening/) })
  })

  it.each([
    ['is cut off', line.slice(0, -1), '', /JSON/],
    ['has a space', line.replace(':', ': '), '', /spelt/],
    ['has its keys in another order', '{"reason":"","kind":"controls"}', 'lot', /expected/],
    ['spells a number otherwise', line.replace('"challenge":3', '"challenge":3.0'), '', /spelt/],
    ['spells bytes otherwise', line.replace('0x0101', '0X0101'), 'commit.digest', /./],
    ['has a key too many', line.replace('{"kind"', '{"more":1,"kind"'), '', /more/],
    ['has a key twice', line.replace('"challenge":3', '"challenge":3,"challenge":3'), '', /spelt/],
    ['lacks a key', line.replace('"challenge":3,', ''), 'challenge', /./],
    ['is of no kind', line.replace('verdict', 'verdikt'), 'kind', /./],
  ])('is none when it %s', (_what, text, field, why) => {
    expect(readRecord(text)).toEqual({ field, why: expect.stringMatching(why) })
  })
})
