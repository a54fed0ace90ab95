import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publishedRounds, publishInto } from '../../../validator/transcript/publish.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-publish-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('publishInto', () => {
  it('writes a whole file a round, in a folder that it makes', () => {
    const into = join(folder, 'a', 'rounds')
    publishInto(into, 10)(7, 'all of it\n')
    expect(readdirSync(into)).toEqual(['7.jsonl'])
    expect(readFileSync(join(into, '7.jsonl'), 'utf8')).toBe('all of it\n')
  })

  it('keeps the newest rounds by number, and nobody else’s files go', () => {
    writeFileSync(join(folder, 'README'), '')
    const publish = publishInto(folder, 2)
    for (const round of [8, 9, 10, 11]) publish(round, '')
    expect(publishedRounds(folder)).toEqual([10, 11])
    expect(readdirSync(folder)).toContain('README')
  })

  it('says so where it can’t write', () => {
    writeFileSync(join(folder, 'file'), '')
    const refused = expect.objectContaining({ code: 'PUBLISH_FAILED' })
    expect(() => publishInto(join(folder, 'file', 'rounds'), 2)).toThrow(refused)
    const publish = publishInto(join(folder, 'gone'), 2)
    rmSync(join(folder, 'gone'), { recursive: true })
    expect(() => publish(1, '')).toThrow(refused)
  })
})
