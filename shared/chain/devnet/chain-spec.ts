import type { GenesisState } from './runtime/genesis.ts'

/**
 * A raw chain spec (JSON) as Substrate nodes take it with `--chain`: the very genesis state, so that the node's genesis
 * block, and therefore its hash, is the devnet's.
 */
export function rawChainSpec(state: GenesisState, id: string): string {
  const spec = {
    name: 'Starling devnet',
    id,
    chainType: 'Development',
    bootNodes: [],
    telemetryEndpoints: null,
    protocolId: null,
    properties: { ss58Format: 42, tokenDecimals: 9, tokenSymbol: 'TAO' },
    // Nodes that can also run parachains ask for these two; a development node does nothing with them.
    relay_chain: 'rococo-local',
    para_id: 1000,
    codeSubstitutes: {},
    genesis: { raw: { top: Object.fromEntries(state), childrenDefault: {} } },
  }
  return `${JSON.stringify(spec, null, 2)}\n`
}
