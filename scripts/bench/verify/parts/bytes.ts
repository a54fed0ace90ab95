import { below, seededRandom } from '../../../../shared/inference/random.ts'
import { leafCount, POSITIONS_PER_LEAF } from '../../../../shared/proof/answer-root.ts'
import {
  auditedShare,
  FIXED_BYTES,
  openingBytes,
  pathNodes,
  proofBytes,
} from '../../../../shared/proof/evidence/economics.ts'
import { SKETCH_VALUES } from '../../../../shared/proof/sketch/matrix.ts'
import { OPENED_LEAVES, openedLeaves, openLeaves } from '../../../../shared/proof/sketch/opening.ts'
import { encodeFrame } from '../../../../shared/protocol/codec.ts'
import type { Reveal } from '../../../../shared/protocol/messages.ts'
import { type Context, seedOf } from '../context.ts'
import { bytes32 } from '../orders.ts'
import type { PartResult } from '../results.ts'

const TOKENS = 512
/** Beacons whose openings are encoded. */
const BEACONS = 200

/** How the proof of an answer is cut. */
export const PROOF_SHAPE = {
  tokens: TOKENS,
  leafTokens: POSITIONS_PER_LEAF,
  sketchBytes: SKETCH_VALUES * Float32Array.BYTES_PER_ELEMENT,
  openings: OPENED_LEAVES,
}

/** Organic answers to one scored, and how many of them are audited. */
export const TRAFFIC = { organic: 32, scored: 1, auditRate: 0.03 }

/** What TOPLOC sends of an answer of that length: 258 bytes for every 32 tokens. */
export const TOPLOC_BYTES = 258 * (TOKENS / 32)

/** What proving costs on the wire: from the fields, and as the codec writes them. */
export async function measureBytes({ seed }: Context): Promise<PartResult> {
  const share = auditedShare(TRAFFIC)
  const encodedOpenings = encodedOpeningBytes(seed)
  return {
    rows: [],
    facts: {
      ...{ ...PROOF_SHAPE, ...TRAFFIC, auditedShare: share, pathNodes: pathNodes(PROOF_SHAPE) },
      fields: {
        fixed: FIXED_BYTES,
        openings: openingBytes(PROOF_SHAPE),
        perAnswer: proofBytes(TRAFFIC, PROOF_SHAPE),
      },
      encoded: {
        openings: encodedOpenings,
        perAnswer: FIXED_BYTES + share * encodedOpenings,
        commitFrame: commitFrame(),
      },
      toploc: TOPLOC_BYTES,
    },
  }
}

/** Mean of what the openings of one answer add to the frame of its reveal. */
function encodedOpeningBytes(seed: number): number {
  const random = seededRandom(seedOf(seed, 'bytes'))
  const tokens = Array.from({ length: TOKENS }, () => below(random, 259))
  const sketches = Float32Array.from({ length: TOKENS * SKETCH_VALUES }, () => random() - 0.5)
  const hash = bytes32(random)
  const reveal: Reveal = {
    ...{ type: 'reveal', id: hash, tokens, text: 'x'.repeat(TOKENS), salt: bytes32(random) },
    ...{ openings: [], finish: 'length' },
    ...{ executionClass: 'cpu-fp32/ort-1.30.0', model: hash },
  }
  const bare = encodeFrame(1, reveal).length
  let total = 0
  for (let n = 0; n < BEACONS; n++) {
    const asked = openedLeaves(bytes32(random), hash, leafCount(TOKENS))
    const openings = openLeaves(tokens, sketches, asked).map(({ path, ...opening }) => ({
      ...opening,
      path: [...path],
    }))
    total += encodeFrame(1, { ...reveal, openings }).length - bare
  }
  return total / BEACONS
}

/** Bytes of a commit with everything around its digest: names of fields, the challenge's id, the signature. */
function commitFrame(): number {
  const hash = new Uint8Array(32)
  return encodeFrame(1, { type: 'commit', id: hash, digest: hash, signature: new Uint8Array(64) }).length
}
