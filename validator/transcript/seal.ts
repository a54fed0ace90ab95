import type { Signer } from '../../shared/chain/wallet/signer.ts'
import { leafHash, type MerkleTree, treeOfHashes } from '../../shared/proof/merkle.ts'
import { sealMessage } from '../../shared/proof/seal.ts'
import { encodeLine } from './line.ts'

const encoder = new TextEncoder()

/** A round as it is published. */
export interface SealedRound {
  /** The file: the lines and their seal, each with a newline behind it. */
  readonly text: string
  /** Over the lines before the seal: its root is what the next round's anchor names. */
  readonly tree: MerkleTree
}

/** Ends a round's lines with their seal: every byte before it stands under a root that the validator signs. */
export function sealRound(
  round: number,
  lines: readonly string[],
  signer: Pick<Signer, 'address' | 'sign'>,
): SealedRound {
  return sealHashed(round, lines, lines.map(hashLine), signer)
}

/** The leaf that a line is under the root. */
export function hashLine(line: string): Uint8Array {
  return leafHash(encoder.encode(line))
}

/** The same, where the lines have been hashed: in slices, a file being long. */
export function sealHashed(
  round: number,
  lines: readonly string[],
  leaves: Uint8Array[],
  { address, sign }: Pick<Signer, 'address' | 'sign'>,
): SealedRound {
  const tree = treeOfHashes(leaves)
  const { root } = tree
  const signature = sign(sealMessage(round, lines.length, root))
  const seal = encodeLine({
    ...{ kind: 'seal', round, validator: address },
    ...{ leaves, root, signature },
  })
  return { text: `${[...lines, seal].join('\n')}\n`, tree }
}
