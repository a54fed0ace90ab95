import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addSettings } from '../../../../shared/process/settings/add-settings.ts'
import { configCommand } from '../../../../shared/process/settings/config-command.ts'
import { setting } from '../../../../shared/process/settings/setting.ts'
import { endpointsType, portType, textType } from '../../../../shared/process/settings/values.ts'

const schema = z.strictObject({
  'axon.port': setting(portType.default(8091), 'port', { env: ['BT_AXON_PORT'] }),
  password: setting(textType.exactOptional(), 'of the store', { secret: 'whole' }),
  nodes: setting(endpointsType.exactOptional(), 'nodes', { secret: 'url' }),
  state: setting(textType.exactOptional(), 'receipts', { defaultText: 'a folder' }),
  config: setting(textType.exactOptional(), 'file'),
})
const sections = { round: z.strictObject({ tokens: z.number().default(9), share: z.number().default(0.5) }) }

function run(args: readonly string[], env: Record<string, string> = {}, file: unknown = {}) {
  const [results, remarks]: [string[], string[]] = [[], []]
  const edge = { env, sections, readText: () => JSON.stringify(file) }
  const output = {
    result: (line: string) => results.push(line),
    remark: (line: string) => remarks.push(line),
  }
  const command = addSettings(new Command('program'), schema, edge)
  command.action(() => {}).addCommand(configCommand(schema, output, edge))
  command.parse(args, { from: 'user' })
  return { results, remarks }
}

describe('config show', () => {
  const rows = (...args: Parameters<typeof run>) =>
    JSON.parse(run(['config', 'show', '--json', ...args[0]], args[1], args[2]).results[0]!)

  it('says of every value what it comes from', () => {
    const env = { STARLING_CONFIG: 'a.json', STARLING_STATE: '/state' }
    const file = { nodes: ['ws://a:1'], round: { tokens: 3 } }
    expect(rows(['--axon.port', '1'], env, file)).toEqual([
      { key: 'axon.port', value: 1, source: 'flag --axon.port' },
      { key: 'password', value: null, source: 'default' },
      { key: 'nodes', value: ['ws://a:1'], source: 'file a.json' },
      { key: 'state', value: '/state', source: 'env STARLING_STATE' },
      { key: 'config', value: 'a.json', source: 'env STARLING_CONFIG' },
      { key: 'round.tokens', value: 3, source: 'file a.json' },
      { key: 'round.share', value: 0.5, source: 'default' },
    ])
  })

  it('says what is meant where nothing is set', () => {
    expect(rows([]).find(({ key }: { key: string }) => key === 'state')).toEqual({
      ...{ key: 'state', value: null, source: 'default', note: 'a folder' },
    })
    expect(run(['config', 'show']).results[0]).toMatch(/^state +– \(a folder\) +default$/m)
  })

  it('hides secrets, and what in an address lets its bearer in', () => {
    const nodes = 'wss://me:pw@a:1/v1/0123456789abcdef0123?key=k,ws://b:2'
    const { results } = run(['config', 'show', '--password', 'swordfish', '--nodes', nodes])
    expect(results[0]).toContain('wss://[hidden]@a:1/v1/[hidden]?[hidden],ws://b:2')
    for (const secret of ['swordfish', 'pw', '0123', 'key']) expect(results[0]).not.toContain(secret)
  })

  it('remarks on a variable that is nearly one of ours', () => {
    const env = { STARLING_AXON_PROT: '1', STARLING_CARGO: 'cargo', PATH: '/bin' }
    expect(run(['config', 'show'], env).remarks).toEqual([
      'STARLING_AXON_PROT is set and means nothing; did you mean STARLING_AXON_PORT?',
    ])
  })
})

describe('config check', () => {
  it('lists what a file sets', () => {
    const file = { axon: { port: 1 }, round: { tokens: 3 } }
    expect(run(['config', 'check', 'a.json'], {}, file).results).toEqual([
      'a.json is valid: it sets axon.port, round.tokens',
    ])
    expect(JSON.parse(run(['config', 'check', '--json', 'a.json']).results[0]!)).toEqual({
      ...{ path: 'a.json', ok: true, keys: [] },
    })
  })

  it.each([
    [{ round: { tokns: 3 } }, 'a.json: round.tokns is not known', 'did you mean round.tokens?'],
    [{ round: { tokens: 'x' } }, /^a\.json: round\.tokens: /, /docs\/configuration/],
    [{ axon: { port: -1 } }, 'a.json: axon.port: -1 is not a whole number.', 'it is the port'],
  ])('refuses %j', (file, message, remedy) => {
    const matching = (text: string | RegExp) =>
      typeof text === 'string' ? text : expect.stringMatching(text)
    expect(() => run(['config', 'check', 'a.json'], {}, file)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: matching(message),
        remedy: matching(remedy),
      }),
    )
  })
})
