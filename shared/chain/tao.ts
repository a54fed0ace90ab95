import { StarlingError } from '../process/errors.ts'

const DECIMALS = 9
export const RAO_PER_TAO = 1_000_000_000n

/** Rao of a decimal amount of TAO such as `0.5`. Throws `AMOUNT_INVALID`. */
export function parseTao(text: string): bigint {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  if (whole === undefined) {
    const remedy = 'write it as 1 or 0.5, with 9 decimals at most'
    throw new StarlingError('AMOUNT_INVALID', `${JSON.stringify(text)} is not an amount of TAO`, remedy)
  }
  return BigInt(whole) * RAO_PER_TAO + BigInt(fraction.padEnd(DECIMALS, '0'))
}

/** An amount of rao as TAO, without needless zeros. */
export function formatTao(rao: bigint): string {
  const fraction = (rao % RAO_PER_TAO).toString().padStart(DECIMALS, '0').replace(/0+$/, '')
  return `${rao / RAO_PER_TAO}${fraction === '' ? '' : `.${fraction}`}`
}
