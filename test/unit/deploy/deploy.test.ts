import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { minerSettings } from '../../../miner/settings.ts'
import { settingsOf } from '../../../shared/process/settings/setting.ts'
import { CLOSE_SECONDS } from '../../../shared/process/shutdown.ts'
import { validatorSettings } from '../../../validator/settings.ts'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const UNITS = readdirSync(join(ROOT, 'deploy/systemd'))
const DRAIN = { miner: minerSettings, validator: validatorSettings }

/** `Key=value` lines; a key that stands twice has its values joined. */
function parseUnit(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#') || /^\[(Unit|Service|Install)\]$/.test(line)) continue
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) throw new Error(`no unit line: ${line}`)
    values.set(key, [values.get(key), value].filter((one) => one !== undefined).join(' '))
  }
  return values
}

function drainSeconds(name: 'miner' | 'validator'): number {
  const found = settingsOf(DRAIN[name]).find(({ key }) => key === 'shutdown.seconds')
  return Number(found?.default)
}

/** The lists in brackets behind a key of compose.yaml, which are JSON. */
function listsOf(yaml: string, key: string): string[][] {
  return [...yaml.matchAll(new RegExp(`^ +${key}: (\\[.*\\])$`, 'gm'))].map(([, list]) => JSON.parse(list!))
}

describe('units of systemd', () => {
  it.each(UNITS)('%s can be read, runs a program that is there, and is walled in', (file) => {
    const unit = parseUnit(read(`deploy/systemd/${file}`))
    const script = /--import tsx (\S+)/.exec(unit.get('ExecStart')!)![1]!
    expect(existsSync(join(ROOT, script)), script).toBe(true)
    expect(Object.fromEntries(unit)).toMatchObject({
      Restart: 'on-failure',
      KillMode: 'mixed',
      NoNewPrivileges: 'yes',
      ProtectSystem: 'strict',
      CapabilityBoundingSet: '',
      User: 'starling',
    })
    // V8 writes code while it runs.
    expect(unit.has('MemoryDenyWriteExecute')).toBe(false)
  })

  it.each(['miner', 'validator'] as const)('%s has the time that it takes to stop', (name) => {
    const unit = parseUnit(read(`deploy/systemd/starling-${name}.service`))
    expect(Number(unit.get('TimeoutStopSec'))).toBeGreaterThanOrEqual(drainSeconds(name) + CLOSE_SECONDS)
  })
})

describe('the container', () => {
  const lines = read('deploy/Dockerfile').replaceAll('\\\n', ' ').split('\n')

  it('copies what is there, and all that the programs import', () => {
    const sources = lines
      .filter((line) => line.startsWith('COPY '))
      .flatMap((line) => line.split(/\s+/).slice(1, -1))
    for (const source of sources) expect(existsSync(join(ROOT, source)), source).toBe(true)
    expect(sources).toEqual(
      expect.arrayContaining(['shared', 'miner', 'validator', 'scripts', 'models', 'package-lock.json']),
    )
  })

  it('runs as nobody special, with production packages, and asks for its health', () => {
    expect(lines).toContain('USER node')
    expect(lines.filter((line) => line.startsWith('RUN npm ci'))).toEqual([
      expect.stringContaining('--omit=dev'),
    ])
    expect(lines.find((line) => line.startsWith('HEALTHCHECK'))).toMatch(/\/healthz/)
  })
})

describe('compose', () => {
  const yaml = read('deploy/compose.yaml')

  it('names programs and models that are there, and flags that they know', () => {
    const commands = listsOf(yaml, 'command')
    expect(commands.map(([script]) => script).sort()).toEqual([
      'miner/main.ts',
      'scripts/devnet.ts',
      'validator/main.ts',
    ])
    for (const [script, ...args] of commands) {
      expect(existsSync(join(ROOT, script!)), script).toBe(true)
      const name = /^(miner|validator)\//.exec(script!)?.[1] as 'miner' | 'validator' | undefined
      if (name === undefined) continue
      const known = settingsOf(DRAIN[name]).map(({ flag }) => flag)
      for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(known).toContain(flag)
      const model = args[args.indexOf('--model') + 1]
      if (args.includes('--model')) expect(existsSync(join(ROOT, model!, 'model.json'))).toBe(true)
    }
    for (const [, script] of yaml.matchAll(/--import tsx (\S+\.ts)/g)) {
      expect(existsSync(join(ROOT, script!)), script).toBe(true)
    }
  })

  it('knows the variables that it sets', () => {
    const known = Object.values(DRAIN).flatMap((schema) =>
      settingsOf(schema).flatMap(({ variables }) => variables),
    )
    for (const [variable] of yaml.matchAll(/STARLING_\w+/g)) expect(known).toContain(variable)
  })

  it('gives programs the time that they take to stop', () => {
    const graces = [...yaml.matchAll(/stop_grace_period: (\d+)s/g)].map(([, seconds]) => Number(seconds))
    expect(graces).toHaveLength(2)
    const most = Math.max(drainSeconds('miner'), drainSeconds('validator')) + CLOSE_SECONDS
    for (const seconds of graces) expect(seconds).toBeGreaterThanOrEqual(most)
  })

  it('is indented with spaces, by two', () => {
    for (const line of yaml.split('\n')) expect(/^( {2})*[^ \t]|^$/.test(line), line).toBe(true)
  })
})
