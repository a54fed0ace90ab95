import { z } from 'zod'

/** An integer in the library's JSON: above 53 bits it comes as 0x-hex. */
export const bigint = z.union([z.number().int(), z.string()]).transform(BigInt)

/** The same where 53 bits suffice: blocks, epochs, uids, u16 shares. */
export const number = bigint.transform(Number)
