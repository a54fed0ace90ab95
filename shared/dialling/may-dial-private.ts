import type { ChainInfo } from '../chain/chain-client.ts'
import { chainOptions, type OperatorFlags } from '../process/operator-flags.ts'
import { isDevnet } from './devnet.ts'

/** True where private and reserved addresses may be dialled: the operator says so, or the chain is a devnet on this machine. */
export function mayDialPrivate(
  flags: OperatorFlags & { readonly 'dial.private': boolean },
  chain: ChainInfo,
): boolean {
  return flags['dial.private'] || isDevnet(chain, chainOptions(flags).endpoint)
}
