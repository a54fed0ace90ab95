import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REGISTRY_FILE, type Registry } from '../../shared/inference/registry/registry.ts'
import { type Child, startChild } from './child.ts'
import { ACCOMPLICE, type MinerRole, type Scenario, type ValidatorRole } from './scenario.ts'

/** Where one run of the demo keeps everything. */
export interface Stage {
  readonly folder: string
  readonly chainUrl: string
  readonly netuid: number
  readonly scenario: Scenario
}

/** On one machine miners leave the chain, whose blocks come by the clock, and validators their turn. */
const MINER_NICENESS = 5

/** Starts a validator as an operator would. */
export function startValidatorProcess(
  stage: Stage,
  { name }: ValidatorRole,
  env: Readonly<Record<string, string>> = {},
): Child {
  const config = join(stage.folder, 'validator.json')
  const { round, scoring = {} } = stage.scenario
  writeFileSync(config, JSON.stringify({ round, scoring }))
  const registry = writeRegistry(stage)
  const own = ['--state', stateFolder(stage, name), '--config', config, '--registry', registry]
  const args = [...operatorArgs(stage, name), ...own]
  return startChild(name, 'validator/main.ts', args, { logFolder: logFolder(stage), env })
}

/** A subnet pays for what its registry declares: here, for the models that its miners declare. */
function writeRegistry({ folder, scenario }: Stage): string {
  const path = join(folder, 'registry.json')
  const all: Registry = JSON.parse(readFileSync(join('models', REGISTRY_FILE), 'utf8'))
  const declared = new Set(scenario.miners.map(({ declares }) => declares))
  const models = all.models.filter(({ name }) => declared.has(name))
  writeFileSync(path, JSON.stringify({ ...all, models }))
  return path
}

/**
 * Starts a miner: the real one where it is honest, and the same with one thing changed where it cheats.
 * @param index gives each miner an address of its own; the chain takes 127.0.0.2 and up
 */
export function startMinerProcess(stage: Stage, role: MinerRole, index: number): Child {
  const { name, declares, runs, behaviour, clique } = role
  const socket = join(stage.folder, 'market.sock')
  const conduct = [
    ...(declares === runs ? [] : ['--declare', join('models', declares)]),
    ...(name === ACCOMPLICE ? ['--sell', socket, '--max-queue', '256'] : []),
    ...(behaviour === 'copycat' ? ['--buy', socket] : []),
    ...(clique === undefined ? [] : ['--clique', join(stage.folder, 'clique'), '--favour', clique]),
  ]
  const script = conduct.length === 0 ? 'miner/main.ts' : 'scripts/demo/miner.ts'
  const address = ['--axon.ip', `127.0.0.${index + 2}`, '--axon.port', '0']
  const own = ['--model', join('models', runs), '--state', stateFolder(stage, name)]
  const args = [...operatorArgs(stage, name), ...own, ...address, ...conduct]
  return startChild(name, script, args, { logFolder: logFolder(stage), niceness: MINER_NICENESS })
}

/** Where a validator keeps its journal, and a miner its receipts. */
export function stateFolder(stage: Pick<Stage, 'folder'>, name: string): string {
  return join(stage.folder, 'state', name)
}

export function logFolder(stage: { readonly folder: string }): string {
  return join(stage.folder, 'logs')
}

export function walletFolder(stage: { readonly folder: string }): string {
  return join(stage.folder, 'wallets')
}

/** What every program is told: chain, wallet, how much it logs. */
export function operatorArgs(stage: Stage, name: string): string[] {
  return [
    ...['--netuid', String(stage.netuid), '--subtensor.chain_endpoint', stage.chainUrl],
    ...['--wallet.path', walletFolder(stage), '--wallet.name', name, '--wallet.hotkey', 'default'],
    ...['--threads', '1', '--logging.level', 'debug', '--shutdown.seconds', '0'],
    ...['--status.port', '0'],
  ]
}
