/** A chain that operators know by name. */
export interface Network {
  /** WebSocket addresses of its nodes; the first that can be used is. */
  readonly endpoints: readonly string[]
  /** 0x + 64 hex; undefined where the network’s operator starts it anew at will. */
  readonly genesisHash: string | undefined
}

const FINNEY_GENESIS = '0x2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03'
const ARCHIVE = 'wss://archive.chain.opentensor.ai:443'

/** The names and addresses are those of Bittensor’s SDK. Public nodes answer about one request a second. */
const NETWORKS = {
  local: { endpoints: ['ws://127.0.0.1:9944'], genesisHash: undefined },
  test: { endpoints: ['wss://test.finney.opentensor.ai:443'], genesisHash: undefined },
  finney: {
    endpoints: ['wss://entrypoint-finney.opentensor.ai:443', ARCHIVE],
    genesisHash: FINNEY_GENESIS,
  },
  archive: { endpoints: [ARCHIVE], genesisHash: FINNEY_GENESIS },
} as const satisfies Readonly<Record<string, Network>>

export const NETWORK_NAMES: readonly string[] = Object.keys(NETWORKS)

export function findNetwork(name: string): Network | undefined {
  return Object.hasOwn(NETWORKS, name) ? NETWORKS[name as keyof typeof NETWORKS] : undefined
}
