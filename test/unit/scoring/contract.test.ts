import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultScoringConfig } from '../../../validator/scoring/config.ts'

const page = readFileSync(new URL('../../../docs/scoring.md', import.meta.url), 'utf8')

describe('docs/scoring.md', () => {
  it('lists every number with the default that the code has, and no others', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, name, value]) => [name, value])
    const numbers = Object.entries(defaultScoringConfig).map(([name, value]) => [name, String(value)])
    expect(rows).toEqual(numbers)
  })
})
