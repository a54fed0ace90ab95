import { decideReplay } from '../proof/decision.ts'
import { gatherEvidence } from '../proof/evidence/evidence.ts'
import { marginParameters } from '../proof/evidence/parameters.ts'
import { inconclusive, type Verifier } from './verifier.ts'

/**
 * Level 2: the declared model, with this miner's own seed, chose these tokens. Costs the miner nothing and no byte.
 * @param tolerance logit error that honest rounding explains where both sides compute exactly alike
 */
export function replayVerifier(tolerance: number): Verifier {
  return {
    name: 'replay',
    level: 2,
    applies: () => true,
    needs: () => ({ tolerance }),
    decide({ model }, reading) {
      if (reading === undefined) return inconclusive('the answer was not read')
      const { margins, surprise, executionClass } = reading
      const figures = { surprise, tokens: margins.length, largestMargin: largestOf(margins) }
      const decision = decideReplay(margins, tolerance)
      if (decision.verdict !== 'accept') return { ...decision, figures }
      const pair = { prover: model.executionClass, verifier: executionClass }
      const evidence = gatherEvidence(margins, 'margin', pair, marginParameters(pair))
      return { ...decision, figures, ...(evidence === undefined ? {} : { evidence }) }
    },
  }
}

/** Of the possible tokens: an infinite margin is no figure. */
function largestOf(margins: Float64Array): number {
  return margins.reduce((most, margin) => (Number.isFinite(margin) ? Math.max(most, margin) : most), 0)
}
