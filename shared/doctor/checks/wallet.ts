import { type Finding, failure, type Looked, ok, warning } from '../finding.ts'

export interface WalletFacts {
  /** After the secret was checked against the address in its file. */
  readonly hotkey: Looked<{ readonly address: string; readonly encrypted: boolean }>
  readonly hotkeyFile: string
  /** Permission bits of the file; undefined where it is not there. */
  readonly hotkeyMode: number | undefined
  readonly coldkeyFile: string
  /** Permission bits of the coldkey's file, which is never opened; undefined where it is not there, as it should be. */
  readonly coldkeyMode: number | undefined
}

const OTHERS = 0o077

export function checkWallet(facts: WalletFacts): Finding[] {
  return [hotkeyFinding(facts), ...modeFinding(facts), coldkeyFinding(facts)]
}

function hotkeyFinding({ hotkey }: WalletFacts): Finding {
  const name = 'hotkey'
  if ('value' in hotkey) {
    const { address, encrypted } = hotkey.value
    return ok(name, `${address}, its secret fits${encrypted ? '; the file is encrypted' : ''}`)
  }
  return failure(name, hotkey.error, hotkey.remedy ?? 'see npm run wallet -- show')
}

function modeFinding({ hotkeyFile, hotkeyMode }: WalletFacts): Finding[] {
  if (hotkeyMode === undefined) return []
  const name = 'hotkey file'
  if ((hotkeyMode & OTHERS) === 0) return [ok(name, `mode ${octal(hotkeyMode)}`)]
  return [warning(name, `others may read it: mode ${octal(hotkeyMode)}`, `chmod 600 ${hotkeyFile}`)]
}

function coldkeyFinding({ coldkeyFile, coldkeyMode }: WalletFacts): Finding {
  const name = 'coldkey'
  if (coldkeyMode === undefined) return ok(name, 'not on this machine, as it should be')
  const remedy = `keep it on another machine, and remove ${coldkeyFile} here: nothing here needs it`
  if ((coldkeyMode & OTHERS) === 0) return warning(name, 'its file lies on this machine', remedy)
  return failure(name, `its file lies open: mode ${octal(coldkeyMode)}`, remedy)
}

const octal = (mode: number) => (mode & 0o777).toString(8).padStart(4, '0')
