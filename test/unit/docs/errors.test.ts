import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderErrors, undocumented } from '../../../scripts/errors/render.ts'
import { KNOWN_COMPUTED, scanSources, scanText } from '../../../scripts/errors/scan.ts'

const ROOT = join(import.meta.dirname, '../../..')
const { thrown, computed } = scanSources(ROOT)

describe('docs/errors.md', () => {
  it('finds the errors at all', () => {
    expect(new Set(thrown.map(({ code }) => code)).size).toBeGreaterThan(200)
  })

  it('has a sentence for every code that is thrown, and for no other (scripts/errors/meanings.ts)', () => {
    expect(undocumented(thrown)).toEqual({ missing: [], unused: [] })
  })

  it('is what the code says (npm run errors)', () => {
    expect(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8') === renderErrors(thrown)).toBe(true)
  })

  it('knows every place whose code is computed (KNOWN_COMPUTED in scripts/errors/scan.ts)', () => {
    expect([...new Set(computed)].sort()).toEqual([...KNOWN_COMPUTED].sort())
  })
})

describe('what is read from a source', () => {
  const scan = (text: string) => scanText('f.ts', text)

  it('is code and remedy, wherever lines break', () => {
    const text = `throw new StarlingError(\n 'A_B',\n \`\${x.map((y) => "),'")} is (bad)\`,\n "don't, or \\'do\\'",\n { cause },\n)`
    expect(scan(text)).toEqual({
      thrown: [{ code: 'A_B', file: 'f.ts', remedy: "don't, or 'do'" }],
      computed: [],
    })
  })

  it('is each of two codes, the remedy of a constant, and that of a template', () => {
    const text = `const remedy = \`give \${x}\`\nnew StarlingError(full ? 'C_D' : 'E_F', 'what', remedy)`
    expect(scan(text).thrown).toEqual([
      { code: 'C_D', file: 'f.ts', remedy: 'give …' },
      { code: 'E_F', file: 'f.ts', remedy: 'give …' },
    ])
  })

  it('is what a helper is told, and says where a code is computed', () => {
    const text =
      "function refuse(status, code) { return new StarlingError(code, 'x') }\nrefuse(404, 'G_H', 'what')"
    expect(scan(text)).toEqual({
      thrown: [{ code: 'G_H', file: 'f.ts', remedy: undefined }],
      computed: ['f.ts: code'],
    })
  })
})
