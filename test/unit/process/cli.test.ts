import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../../shared/process/cli.ts'
import { StarlingError } from '../../../shared/process/errors.ts'

let lines: string[]
beforeEach(() => {
  lines = []
  vi.useFakeTimers()
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
})
afterEach(() => {
  process.exitCode = undefined
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const run = (program: Command, ...args: string[]) => runCli(program, ['node', 'program', ...args])

describe('runCli', () => {
  it('leaves the exit code alone when all is well', async () => {
    const seen: unknown[] = []
    await run(
      new Command().option('--n <n>').action((flags) => void seen.push(flags)),
      '--n',
      '5',
    )
    expect(seen).toEqual([{ n: '5' }])
    expect(process.exitCode).toBeUndefined()
    expect(lines).toEqual([])
  })

  it('tells an error in one line with its remedy', async () => {
    const program = new Command().action(() => {
      throw new StarlingError('WALLET_NOT_FOUND', 'no hotkey\nfile', 'make one')
    })
    await run(program)
    expect(lines).toEqual(['error WALLET_NOT_FOUND: no hotkey file; make one\n'])
    expect(process.exitCode).toBe(1)
  })

  it('tells a bug in one line, without a stack', async () => {
    await run(new Command().action(() => Promise.reject(new TypeError('x is not a function'))))
    expect(lines).toEqual(['error INTERNAL: x is not a function\n'])
    expect(process.exitCode).toBe(1)
  })

  it.each([[['--nope']], [['sub', '--nope']], [['sub', '--n']], [['other']]])(
    'ends %j as a wrong command line',
    async (args) => {
      const program = new Command()
      program
        .command('sub')
        .option('--n <n>')
        .action(() => {})
      await run(program, ...args)
      expect(lines).toEqual([expect.stringMatching(/^error USAGE: .*; see --help\n$/)])
      expect(process.exitCode).toBe(2)
    },
  )

  it('shows help without an error', async () => {
    await run(
      new Command().option('--n <n>').action(() => {}),
      '--help',
    )
    expect(lines).toEqual([])
    expect(process.exitCode).toBeUndefined()
  })
})
