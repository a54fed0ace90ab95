import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addSettings, type SettingsEdge } from '../../../../shared/process/settings/add-settings.ts'
import { setting, settingsOf } from '../../../../shared/process/settings/setting.ts'
import { respell } from '../../../../shared/process/settings/spellings.ts'
import {
  choiceType,
  endpointsType,
  portType,
  shareType,
  switchType,
  textType,
} from '../../../../shared/process/settings/values.ts'

const schema = z.strictObject({
  'axon.external_port': setting(portType.default(8091), 'port', { value: 'n', env: ['BT_AXON_PORT'] }),
  maxBatch: setting(portType.exactOptional(), 'answers'),
  'plant.rate': setting(shareType.exactOptional(), 'share'),
  'subtensor.chain_endpoint': setting(endpointsType.exactOptional(), 'nodes', { value: 'url' }),
  'subtensor.network': setting(textType.default('local'), 'network'),
  'logging.level': setting(choiceType(['info', 'debug']).default('info'), 'level'),
  classes: setting(z.array(choiceType(['a', 'b', 'c'])).default(['a']), 'classes', { value: 'name...' }),
  dedicated: setting(switchType.default(false), 'spin'),
  status: setting(switchType.default(true), 'the page'),
  config: setting(textType.exactOptional(), 'file'),
})

/** What the program sees, with what each value comes from. */
function given(args: readonly string[], edge: SettingsEdge = {}) {
  const command = new Command('program').exitOverride().configureOutput({ outputError: () => {} })
  addSettings(command, schema, { env: {}, ...edge }).action(() => {})
  command.parse(respell(command, args), { from: 'user' })
  const source = (key: string) => command.getOptionValueSource(key)
  return { flags: command.opts<Record<string, unknown>>(), source }
}

const file = (json: unknown): SettingsEdge => ({ readText: () => JSON.stringify(json) })
const fromFile = (json: unknown, ...args: string[]) => given(['--config', 'a.json', ...args], file(json))

describe('a setting', () => {
  it('has its default, or is absent, where nobody says anything', () => {
    expect(given([]).flags).toEqual({
      'axon.external_port': 8091,
      'subtensor.network': 'local',
      'logging.level': 'info',
      classes: ['a'],
      dedicated: false,
      status: true,
    })
  })

  it('is taken from the flag, else the environment, else the file', () => {
    const edge = { ...file({ axon: { external_port: 3 } }), env: { BT_AXON_PORT: '2' } }
    const of = (...args: string[]) => given(args, edge)
    const flagged = of('--config', 'a.json', '--axon.external_port', '1')
    expect(flagged.flags['axon.external_port']).toBe(1)
    expect(flagged.source('axon.external_port')).toBe('cli')
    const inherited = of('--config', 'a.json')
    expect(inherited.flags['axon.external_port']).toBe(2)
    expect(inherited.source('axon.external_port')).toBe('env BT_AXON_PORT')
    const filed = fromFile({ axon: { external_port: 3 } })
    expect(filed.flags['axon.external_port']).toBe(3)
    expect(filed.source('axon.external_port')).toBe('file a.json')
    expect(filed.source('dedicated')).toBe('default')
  })

  it('has a variable of its own, before those of other tools; an empty one says nothing', () => {
    const both = { BT_AXON_PORT: '2', STARLING_AXON_EXTERNAL_PORT: '4' }
    expect(given([], { env: both }).flags['axon.external_port']).toBe(4)
    const empty = { ...both, STARLING_AXON_EXTERNAL_PORT: '' }
    expect(given([], { env: empty }).flags['axon.external_port']).toBe(2)
    expect(given([], { env: { STARLING_MAX_BATCH: '5', STARLING_DEDICATED: 'yes' } }).flags).toMatchObject({
      maxBatch: 5,
      dedicated: true,
    })
    expect(given([], { ...file({ maxBatch: 7 }), env: { STARLING_CONFIG: 'a.json' } }).flags).toMatchObject({
      maxBatch: 7,
    })
  })

  it('is one flag in every usual spelling', () => {
    for (const flag of [
      '--axon.external_port',
      '--axon.external-port',
      '--axon-external-port',
      '--axon_external_port',
    ]) {
      expect(given([flag, '7']).flags['axon.external_port'], flag).toBe(7)
      expect(given([`${flag}=7`]).flags['axon.external_port'], flag).toBe(7)
    }
    expect(given(['--max_batch', '7', '--network', 'ws://a:1']).flags).toMatchObject({
      maxBatch: 7,
      'subtensor.network': 'ws://a:1',
    })
    expect(given(['-n', 'test', '--logging.debug']).flags).toMatchObject({
      'subtensor.network': 'test',
      'logging.level': 'debug',
    })
  })

  it('lists with commas or one by one; the first replaces the default', () => {
    const endpoint = ['--subtensor.chain_endpoint', 'ws://a:1, ws://b:2', '--endpoint', 'ws://c:3']
    expect(given(endpoint).flags['subtensor.chain_endpoint']).toEqual(['ws://a:1', 'ws://b:2', 'ws://c:3'])
    expect(given(['--classes', 'b', 'c']).flags.classes).toEqual(['b', 'c'])
    expect(given([], { env: { STARLING_CLASSES: 'b,c' } }).flags.classes).toEqual(['b', 'c'])
    expect(fromFile({ classes: ['c'] }).flags.classes).toEqual(['c'])
    expect(fromFile({ classes: 'b,c' }).flags.classes).toEqual(['b', 'c'])
  })

  it('that is a switch can be switched back by a flag', () => {
    expect(fromFile({ dedicated: true, status: false }).flags).toMatchObject({
      dedicated: true,
      status: false,
    })
    expect(fromFile({ dedicated: true, status: false }, '--no-dedicated', '--status').flags).toMatchObject({
      dedicated: false,
      status: true,
    })
  })

  it.each([
    [['--axon.external_port', 'many'], {}, /argument 'many' is invalid. many is not a whole number/],
    [['--axon.external_port', '65536'], {}, /65536 is not a port/],
    [['--axon.external_port', ''], {}, /is not a whole number/],
    [['--plant.rate', '1.5'], {}, /1.5 is not a share, 0 to 1/],
    [['--logging.level', 'loud'], {}, /loud is not known. Allowed choices are info, debug/],
    [['--endpoint', 'ws://a:1,b:2'], {}, /'b:2' is not a ws:/],
    [[], { BT_AXON_PORT: '-1' }, /BT_AXON_PORT \(for --axon.external_port\) is invalid. -1 is not/],
    [[], { STARLING_DEDICATED: 'perhaps' }, /perhaps is not true or false/],
  ])('refuses %j %j', (args, env, message) => {
    expect(() => given(args, { env })).toThrow(message)
  })

  it.each([
    [{ axon: { external_prot: 1 } }, 'axon.external_prot is not known', 'did you mean axon.external_port?'],
    [{ zzzzzzz: 1 }, 'zzzzzzz is not known', 'docs/configuration.md lists what there is'],
    [{ config: 'b.json' }, 'config is not known', expect.any(String)],
    [{ 'axon.external_port': '1' }, 'axon.external_port: 1 is not a whole number.', expect.any(String)],
    [{ maxBatch: 1, 'max-batch': 2 }, 'maxBatch is there twice', 'keep one of them'],
    [{ 'logging.level': 'x' }, expect.stringContaining('x is not known'), 'give one of info, debug'],
    [[], 'it is not a JSON object', expect.any(String)],
  ])('refuses a file with %j', (json, problem, remedy) => {
    const message =
      typeof problem === 'string' ? `a.json: ${problem}` : expect.stringMatching(/^a\.json: .*x is not known/)
    expect(() => fromFile(json)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message, remedy }))
  })

  it('says which file it can’t read', () => {
    const readText = () => '{ "a": '
    expect(() => given(['--config', 'torn.json'], { readText })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_UNREADABLE',
        message: expect.stringContaining('torn.json'),
      }),
    )
  })
})

describe('respell', () => {
  const command = addSettings(new Command('program'), schema, { env: {} })

  it('leaves values, unknown flags and what follows -- as they are', () => {
    const args = ['--subtensor.network', '--max_batch', '--zzz_z', 'x_y', '--', '--max_batch']
    expect(respell(command, args)).toEqual(args)
  })

  it('knows an alias only where there is its flag, and a command’s own flag before it', () => {
    const bare = new Command('bare')
      .option('-n, --name <name>', 'its own')
      .option('--subtensor.network <x>', '')
    expect(respell(bare, ['-n', 'a', '--name', 'b', '--wallet', 'c'])).toEqual([
      '-n',
      'a',
      '--name',
      'b',
      '--wallet',
      'c',
    ])
  })
})

describe('settingsOf', () => {
  it('derives flags and variables from keys', () => {
    const [port, batch] = settingsOf(schema)
    expect(port).toMatchObject({
      flag: '--axon.external_port',
      variables: ['STARLING_AXON_EXTERNAL_PORT', 'BT_AXON_PORT'],
      kind: 'number',
      default: 8091,
    })
    expect(batch).toMatchObject({
      flag: '--max-batch',
      variables: ['STARLING_MAX_BATCH'],
      default: undefined,
    })
  })
})
