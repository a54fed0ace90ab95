import type { ChainClient } from '../chain/chain-client.ts'
import { connectChain } from '../chain/substrate-client.ts'
import type { Clock } from '../process/clock.ts'
import { silentLog } from '../process/logging.ts'
import { chainOptions, type OperatorFlags } from '../process/operator-flags.ts'
import { checkChain } from './checks/chain.ts'
import { checkModules, checkNode, checkOpenFiles } from './checks/machine.ts'
import type { PlaceFacts } from './checks/place.ts'
import { checkWallet } from './checks/wallet.ts'
import { type Finding, failure, type Looked } from './finding.ts'
import { chainFacts, placeFacts } from './gather/chain-facts.ts'
import { brokenModules, openFileLimit } from './gather/machine-facts.ts'
import { walletFacts } from './gather/wallet-facts.ts'
import { within } from './within.ts'

/** What the doctor needs of its surroundings. */
export interface DoctorEdge {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly nodeVersion: string
  /** Of package.json: `>=20.19`. */
  readonly wantedNode: string
  /** Milliseconds for connecting to the chain, and again for reading from it. */
  readonly chainMs: number
  /** Milliseconds that a new block is waited for. */
  readonly blockMs: number
}

/** What every program needs, and what was learnt on the way. */
export interface CommonFindings {
  readonly findings: readonly Finding[]
  /** ss58; undefined where the wallet could not be read. */
  readonly hotkey: string | undefined
  /** undefined where there is no hotkey or no chain to ask. */
  readonly place: PlaceFacts | undefined
  /** Newest block; undefined without a chain. */
  readonly head: number | undefined
}

/** Modules with code of their own for each kind of machine. */
const NATIVE = ['onnxruntime-node', 'msgpackr', '@polkadot/wasm-crypto', 'hash-wasm']

/** Looks at the machine, the wallet and the chain. Never throws for what it finds, and never waits longer than its deadlines. */
export async function commonFindings(flags: OperatorFlags, edge: DoctorEdge): Promise<CommonFindings> {
  const { 'wallet.name': name, 'wallet.hotkey': hotkeyName, 'wallet.path': path } = flags
  const [broken, files, wallet] = await Promise.all([
    brokenModules(NATIVE),
    openFileLimit(),
    within(70_000, 'the wallet', () => walletFacts({ name, hotkey: hotkeyName, path }, edge.env)),
  ])
  const walletLines =
    'value' in wallet
      ? checkWallet(wallet.value)
      : [failure('hotkey', wallet.error, wallet.remedy ?? 'check the --wallet flags')]
  const hotkey =
    'value' in wallet && 'value' in wallet.value.hotkey ? wallet.value.hotkey.value.address : undefined
  const { chain, place } = await lookAtChain(flags, edge, hotkey)
  const placeLines =
    place === undefined || 'value' in place
      ? []
      : [failure('registration', place.error, place.remedy ?? 'check --netuid')]
  return {
    findings: [
      checkNode(edge.nodeVersion, edge.wantedNode),
      checkModules(NATIVE, broken),
      checkOpenFiles(files),
      ...walletLines,
      ...checkChain(chain),
      ...placeLines,
    ],
    hotkey,
    place: place !== undefined && 'value' in place ? place.value : undefined,
    head: 'value' in chain ? chain.value.head.number : undefined,
  }
}

async function lookAtChain(flags: OperatorFlags, edge: DoctorEdge, hotkey: string | undefined) {
  const { endpoint, expected } = chainOptions(flags)
  const { clock, chainMs, blockMs } = edge
  // Closed whenever it comes, were it after the deadline.
  const connecting = connectChain({ endpoint, expected, log: silentLog(), timeoutMs: chainMs })
  const connected: Looked<ChainClient> = await within(chainMs, 'the chain', () => connecting)
  try {
    if (!('value' in connected)) return { chain: connected, place: undefined }
    const client = connected.value
    const limit = chainMs + blockMs
    const [chain, place] = await Promise.all([
      within(limit, 'the chain', () => chainFacts(client, expected.genesisHash, clock, blockMs)),
      hotkey === undefined
        ? undefined
        : within(chainMs, 'the chain', () => placeFacts(client, flags.netuid, hotkey)),
    ])
    return { chain, place }
  } finally {
    connecting.then(
      (client) => client.close(),
      () => {},
    )
  }
}
