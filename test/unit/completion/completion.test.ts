import { execFileSync } from 'node:child_process'
import { Command, Option } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { bashScript } from '../../../scripts/completion/bash.ts'
import { starlingTree } from '../../../scripts/completion/command.ts'
import { fishScript } from '../../../scripts/completion/fish.ts'
import { type CompletedCommand, completionTree } from '../../../scripts/completion/tree.ts'
import { zshScript } from '../../../scripts/completion/zsh.ts'
import { PROGRAMS } from '../../../scripts/starling/programs.ts'

let tree: CompletedCommand
beforeAll(async () => {
  // Those that load fast, and between them have all that can be completed.
  const fast = ['miner', 'wallet', 'bench', 'audit', 'completion']
  tree = await starlingTree(PROGRAMS.filter(({ name }) => fast.includes(name)))
})

/** What a real bash offers for each of these command lines; the last word is the one being typed. */
function offers(lines: readonly (readonly string[])[]): string[][] {
  const quote = (word: string) => `'${word}'`
  const tries = lines.map(
    (words) =>
      `COMP_WORDS=(${words.map(quote).join(' ')}); COMP_CWORD=${words.length - 1}; _starling; echo "\${COMPREPLY[*]}"`,
  )
  const script = `${bashScript(tree)}\n${tries.join('\n')}`
  const out = execFileSync('bash', ['--norc', '-u'], { input: script, encoding: 'utf8' })
  return out
    .slice(0, -1)
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== ''))
}

describe('completion in bash', () => {
  it('offers commands, flags, values and files', () => {
    const expected: [string[], string[]][] = [
      [['starling', 'min'], ['miner']],
      [['starling', 'miner', 'sel'], ['selftest']],
      [['starling', 'miner', '--axon.external_p'], ['--axon.external_port']],
      [
        ['starling', 'miner', '--device', ''],
        ['auto', 'cpu', 'cuda', 'webgpu'],
      ],
      [['starling', 'miner', '--device', 'cu'], ['cuda']],
      [['starling', 'miner', '--axon.port', ''], []],
      [['starling', 'miner', '--model', 'mod'], ['models']],
      [['starling', 'miner', '--config', 'LICEN'], ['LICENSE']],
      [['starling', 'audit', 'LICEN'], ['LICENSE']],
      [
        ['starling', 'wallet', 's'],
        ['show', 'sign'],
      ],
      [['starling', 'bench', 'yu'], ['yuma']],
      [
        ['starling', 'completion', ''],
        ['bash', 'zsh', 'fish'],
      ],
      [['starling', 'nothing', '--seed'], []],
    ]
    expect(offers(expected.map(([words]) => words))).toEqual(expected.map(([, offered]) => offered))
  })

  it('offers a subcommand its own flags and those of the command above', () => {
    const [own, above] = offers([
      ['starling', 'miner', 'explain', '--fil'],
      ['starling', 'miner', 'explain', '--netu'],
    ])
    expect(own).toEqual(['--file'])
    expect(above).toEqual(['--netuid'])
  })

  it('takes the value of a flag for no command', () => {
    const [after] = offers([['starling', 'miner', '--wallet.name', 'explain', '--fil']])
    expect(after).toEqual([])
  })

  it('is what the script says when it is sourced', () => {
    const script = `${bashScript(tree)}\ncomplete -p starling`
    expect(execFileSync('bash', ['--norc'], { input: script, encoding: 'utf8' })).toBe(
      'complete -F _starling starling\n',
    )
  })
})

describe('the scripts of zsh and fish', () => {
  it('name every command and flag', () => {
    for (const script of [zshScript(tree), fishScript(tree)]) {
      for (const word of ['miner', 'explain', 'axon.external_port', 'webgpu', 'encrypt', 'yuma'])
        expect(script).toContain(word)
    }
  })

  it('quote what a description may hold', () => {
    const command = new Command('x').option('--a <b>', "it’s 'quoted' and \\").option('--c', 'd')
    expect(fishScript(completionTree(command, 'x'))).toContain(`-d 'it’s \\'quoted\\' and \\\\' -x`)
  })
})

describe('the tree', () => {
  it('leaves out what help hides', () => {
    const command = new Command('x').option('--seen', '').addOption(new Option('--hidden', '').hideHelp())
    expect(completionTree(command, 'x').flags.map(({ flag }) => flag)).toEqual(['--seen', '--help'])
  })
})

describe('the programs of the bin', () => {
  it('can be started with npm, too', () => {
    const names = PROGRAMS.map(({ name }) => name)
    const own = ['referee', 'completion']
    expect(Object.keys(manifest.scripts)).toEqual(
      expect.arrayContaining(names.filter((name) => !own.includes(name))),
    )
    expect(new Set(names).size).toBe(names.length)
  })
})
