import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { leafHash, merkleRoot } from '../../shared/proof/merkle.ts'
import { sealMessage } from '../../shared/proof/seal.ts'
import { encodeLine } from './line.ts'

const encoder = new TextEncoder()

/** A round as it is published. */
export interface SealedRound {
  /** The file: the lines and their seal, each with a newline behind it. */
  readonly text: string
  /** Root over the lines before the seal, 32 bytes: what the next round's anchor names. */
  readonly root: Uint8Array
}

/** Ends a round's lines with their seal: every byte before it stands under a root that the validator signs. */
export function sealRound(
  round: number,
  lines: readonly string[],
  { address, sign }: Pick<Signer, 'address' | 'sign'>,
): SealedRound {
  const bytes = lines.map((line) => encoder.encode(line))
  const root = merkleRoot(bytes)
  const signature = sign(sealMessage(round, lines.length, root))
  const seal = encodeLine({
    ...{ kind: 'seal', round, validator: address },
    ...{ leaves: bytes.map(leafHash), root, signature },
  })
  return { text: `${[...lines, seal].join('\n')}\n`, root }
}
