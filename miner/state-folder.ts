import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a miner keeps what validators signed for it: `--state`, or a folder of its own for each hotkey and subnet. */
export function stateFolder(
  flags: { readonly state?: string; readonly netuid: number },
  hotkey: string,
): string {
  return flags.state ?? join(homedir(), '.starling', 'miners', hotkey, `netuid${flags.netuid}`)
}
