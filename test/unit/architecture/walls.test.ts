import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { VERSION, versionAsInt } from '../../../shared/process/version.ts'

const ROOT = join(import.meta.dirname, '../../..')
const FOLDERS = ['miner', 'validator', 'shared', 'scripts']

interface Import {
  /** Path of the importing file from the project's root. */
  readonly from: string
  /** Path from the root for project files, package name otherwise. */
  readonly to: string
}

const imports: Import[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const path = join(ROOT, folder, file)
      const targets = [
        ...readFileSync(path, 'utf8').matchAll(/(?:\bfrom |^import |\bimport\()'([^']+)'/gm),
      ].map(([, to]) => to!)
      return targets.map((to) => {
        const target = to.startsWith('.') ? relative(ROOT, join(dirname(path), to)) : packageName(to)
        return { from: join(folder, file), to: target }
      })
    }),
)

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const breaches = (isBreach: (edge: Import) => boolean) =>
  imports.filter(isBreach).map(({ from, to }) => `${from} → ${to}`)

describe('walls between the folders', () => {
  it('reads imports at all', () => {
    expect(imports.length).toBeGreaterThan(200)
  })

  it.each([
    ['miner', 'validator'],
    ['validator', 'miner'],
    ['shared', 'miner'],
    ['shared', 'validator'],
    ['shared', 'scripts'],
    ['miner', 'scripts'],
    ['validator', 'scripts'],
  ])('%s does not import %s', (from, to) => {
    expect(breaches((edge) => edge.from.startsWith(`${from}/`) && edge.to.startsWith(`${to}/`))).toEqual([])
  })

  it.each([
    ['@polkadot/api', ['shared/chain/']],
    ['@acala-network/chopsticks-core', ['shared/chain/devnet/']],
    ['onnxruntime-node', ['shared/inference/']],
    // Benchmarks race sessions against a bare WebSocket.
    [
      'ws',
      [
        'shared/protocol/',
        'shared/chain/devnet/',
        'shared/chain/substrate/rpc-socket.ts',
        'scripts/bench/wire/race/',
      ],
    ],
    ['msgpackr', ['shared/protocol/']],
  ])('%s is imported in its own room only', (name, rooms) => {
    expect(breaches(({ from, to }) => to === name && !rooms.some((room) => from.startsWith(room)))).toEqual(
      [],
    )
  })

  it('imports only what package.json declares', () => {
    const declared = Object.keys(manifest.dependencies)
    // Benchmarks are run by developers, beside the peers that they compare with.
    const peers = Object.keys(manifest.devDependencies)
    expect(
      breaches(
        ({ from, to }) =>
          !to.startsWith('node:') &&
          !to.includes('.ts') &&
          !to.endsWith('.mjs') &&
          !to.endsWith('.json') &&
          !declared.includes(to) &&
          !(from.startsWith('scripts/bench/') && peers.includes(to)),
      ),
    ).toEqual([])
  })
})

describe('version', () => {
  it('is that of package.json, and reads as an integer', () => {
    expect(VERSION).toBe(manifest.version)
    expect(versionAsInt('10.2.3')).toBe(10_002_003)
  })
})
