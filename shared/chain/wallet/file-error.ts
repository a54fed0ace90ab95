import { StarlingError } from '../../process/errors.ts'

/** What a file system error means to whoever owns the wallet; other errors pass through. */
export function keyFileError(cause: unknown, action: 'read' | 'write', file: string): unknown {
  if (cause instanceof StarlingError || !(cause instanceof Error) || !('code' in cause)) return cause
  const options = { cause }
  if (cause.code === 'ENOENT' && action === 'read') {
    const remedy =
      'check --wallet.path, --wallet.name and --wallet.hotkey, or make one with npm run wallet -- new'
    return new StarlingError('WALLET_NOT_FOUND', `no hotkey file ${file}`, remedy, options)
  }
  if (cause.code === 'EEXIST') {
    return walletExists(file, options)
  }
  return new StarlingError(
    'WALLET_UNREADABLE',
    `cannot ${action} ${file} (${String(cause.code)})`,
    'check the permissions of the file and its folders',
    options,
  )
}

export function walletExists(file: string, options?: ErrorOptions): StarlingError {
  return new StarlingError(
    'WALLET_EXISTS',
    `${file} exists already`,
    'choose another --wallet.hotkey',
    options,
  )
}

/** The refusal to open a coldkey: it owns the stake, and nothing here needs it. */
export function coldkeyRefused(file: string): StarlingError {
  return new StarlingError(
    'WALLET_COLDKEY',
    `${file} is a coldkey, which is never opened here`,
    'name a hotkey with --wallet.hotkey, and keep the coldkey off this machine',
  )
}
