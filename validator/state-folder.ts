import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a validator keeps scores and journal: `--state`, or a folder of its own for each hotkey and subnet. */
export function stateFolder(
  flags: { readonly state?: string; readonly netuid: number },
  hotkey: string,
): string {
  return flags.state ?? join(homedir(), '.starling', 'validators', hotkey, `netuid${flags.netuid}`)
}
