import { dirname, join } from 'node:path'
import { whyNotDialled } from '../../shared/dialling/address-guard.ts'
import { checkAxonOnChain, checkRegistration } from '../../shared/doctor/checks/place.ts'
import { checkDialled, checkPort, type PortState } from '../../shared/doctor/checks/port.ts'
import { checkFolder } from '../../shared/doctor/checks/state.ts'
import { type CommonFindings, commonFindings, type DoctorEdge } from '../../shared/doctor/common.ts'
import type { Finding } from '../../shared/doctor/finding.ts'
import { folderFacts } from '../../shared/doctor/gather/folder-facts.ts'
import { answersAsAxon, portState } from '../../shared/doctor/gather/port-facts.ts'
import { REGISTRY_FILE } from '../../shared/inference/registry/registry.ts'
import { STATE_LOCK } from '../../shared/process/lock-folder.ts'
import type { MinerFlags } from '../settings.ts'
import { stateFolder } from '../state-folder.ts'
import { modelFindings } from './model-findings.ts'

export interface MinerDoctorFlags extends MinerFlags {
  registry?: string
}

/** All that keeps a miner with these flags from starting, or from earning. */
export async function minerFindings(flags: MinerDoctorFlags, edge: DoctorEdge): Promise<Finding[]> {
  const [common, port] = await Promise.all([
    commonFindings(flags, edge),
    portState(flags['axon.ip'], flags['axon.port']),
  ])
  const { findings, place, hotkey } = common
  const folder = stateFolder(flags, hotkey ?? '<hotkey>')
  const state = await folderFacts(folder, STATE_LOCK)
  const registry = flags.registry ?? join(dirname(flags.model), REGISTRY_FILE)
  // A second engine beside a running miner's could take the memory that it needs.
  const engine = await modelFindings(flags, registry, state.holder === undefined)
  return [
    ...findings,
    ...(place === undefined ? [] : [checkRegistration(place)]),
    ...(await axonFindings(flags, common, port)),
    ...engine,
    ...checkFolder(state),
  ]
}

async function axonFindings(
  flags: MinerFlags,
  { place }: CommonFindings,
  state: PortState,
): Promise<Finding[]> {
  // It listens nowhere, and writes no address.
  if (flags['axon.outbound']) return place === undefined ? [] : checkAxonOnChain(place, undefined)
  const { 'axon.ip': ip, 'axon.port': port } = flags
  const announced = { ip: flags['axon.external_ip'] ?? ip, port: flags['axon.external_port'] ?? port }
  const isUp = state.kind === 'axon'
  const answers = isUp ? await answersAsAxon(announced.ip, announced.port) : undefined
  const objection = whyNotDialled(announced, false)?.message
  return [
    checkPort({ flag: '--axon.port', ip, port, state }),
    checkDialled({ bound: ip, announced, objection, answers }),
    ...(place === undefined ? [] : checkAxonOnChain(place, announced)),
  ]
}
