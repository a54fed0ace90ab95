import { StarlingError } from '../../../process/errors.ts'
import { lockFolder } from '../../../process/lock-folder.ts'

/**
 * Takes a devnet's folder for this process alone until the returned function is called. A lock whose process is gone is taken over.
 * @throws StarlingError DEVNET_FOLDER_IN_USE
 */
export function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  return lockFolder(folder, {
    file: 'devnet.lock',
    taken: (holder) =>
      new StarlingError(
        'DEVNET_FOLDER_IN_USE',
        `data folder ${folder} is in use by ${holder}`,
        'stop that devnet or give another --data',
      ),
  })
}
