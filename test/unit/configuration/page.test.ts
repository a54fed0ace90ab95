import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explainCommand, minerCommand, selftestCommand } from '../../../miner/flags.ts'
import { minerSettings } from '../../../miner/settings.ts'
import { renderConfiguration } from '../../../scripts/configuration/render.ts'
import { settingsOf } from '../../../shared/process/settings/setting.ts'
import { respell } from '../../../shared/process/settings/spellings.ts'
import { validatorCommand, weightsCommand } from '../../../validator/flags.ts'
import { validatorSections, validatorSettings } from '../../../validator/settings.ts'

const never = async () => {}
const settings = [...settingsOf(minerSettings), ...settingsOf(validatorSettings)]

describe('docs/configuration.md', () => {
  it('is what the settings say; npm run configuration writes it', () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toBe(`${renderConfiguration()}\n`)
  })

  it('names every setting and every number', () => {
    const page = renderConfiguration()
    for (const { flag, about } of settings) {
      expect(about.length, flag).toBeGreaterThan(3)
      expect(page).toMatch(new RegExp(`^\\| \`${flag.replace('--', '--(no-)?')}[ \`]`, 'm'))
    }
    for (const { shape } of Object.values(validatorSections))
      for (const key of Object.keys(shape)) expect(page).toMatch(new RegExp(`^\\| \`${key}\` \\|`, 'm'))
  })
})

describe('the settings of miner and validator', () => {
  it('mean the same by the same variable', () => {
    const keys = new Map<string, string>()
    for (const { key, variables } of settings) {
      for (const variable of variables) expect(keys.get(variable) ?? key).toBe(key)
      for (const variable of variables) keys.set(variable, key)
    }
  })

  it.each([
    [
      'miner',
      minerCommand().addCommand(selftestCommand(never)).addCommand(explainCommand(never)),
      minerSettings,
    ],
    [
      'validator',
      validatorCommand().addCommand(weightsCommand({ plan: never, show: never })),
      validatorSettings,
    ],
  ])('are found by the %s in every spelling', (_program, command, schema) => {
    for (const { flag } of settingsOf(schema)) {
      const words = flag.slice(2)
      for (const separator of ['.', '-', '_'])
        expect(respell(command, [`--${words.replaceAll(/[._-]/g, separator)}=x`])).toEqual([`${flag}=x`])
    }
  })
})
