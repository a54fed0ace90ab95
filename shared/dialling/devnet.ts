import type { ChainInfo } from '../chain/chain-client.ts'
import { isLoopback } from './address-guard.ts'

/** Spec name of Subtensor's runtime, on its main network, its testnet and local copies alike. */
const SUBTENSOR = 'node-subtensor'

/**
 * True for a chain that lives on this machine and was made for trying things out, where axons have loopback addresses. All three
 * must hold, for each alone says too little: a node of the main network may run here, Subtensor's testnet calls itself a
 * development chain, and a node elsewhere says of itself what it likes.
 * @param endpoints all that the operator gave
 */
export function isDevnet({ specName, chainType }: ChainInfo, endpoints: readonly string[]): boolean {
  if (specName === SUBTENSOR) return false
  if (chainType !== 'Development' && chainType !== 'Local') return false
  return endpoints.length > 0 && endpoints.every(isHere)
}

function isHere(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const host = new URL(endpoint).hostname.replace(/^\[(.*)\]$/, '$1')
  return host === 'localhost' || isLoopback(host)
}
