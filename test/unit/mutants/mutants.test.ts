import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutate } from '../../../scripts/mutants/workspace.ts'
import { MUTANTS } from '../../mutants/all.ts'

test.each(MUTANTS)('mutant “$name” still fits its file', (mutant) => {
  const source = readFileSync(mutant.file, 'utf8')
  expect(mutate(source, mutant)).not.toBe(source)
  for (const killer of mutant.killers) expect(existsSync(killer), killer).toBe(true)
})

test('mutants have names of their own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
})

test('a mutant that has lost its place is told by name', () => {
  expect(() => mutate('nothing', MUTANTS[0]!)).toThrow(/MUTANT_STALE|finds its text 0 times/)
})
