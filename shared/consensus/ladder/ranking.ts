import { fitBradleyTerry } from '../bradley-terry.ts'
import { weighJudgements } from '../voice.ts'
import { fitCrowd } from './crowd.ts'
import { firstOfBest, type Rung } from './field.ts'

/** What all judges alike hold best: Bradley-Terry with every voice at weight 1. */
export const plainBradleyTerry: Rung = ({ results, judgements }) =>
  firstOfBest(
    fitBradleyTerry(
      results.length,
      weighJudgements(judgements, () => 1),
    ).strengths,
  )

/** What the judges hold best, each voice weighed by gold. */
export const bradleyTerry: Rung = ({ results, judgements, weightOf }) =>
  firstOfBest(fitBradleyTerry(results.length, weighJudgements(judgements, weightOf)).strengths)

/** The same without gold: voices are weighed by how they agree in this one field. See `fitCrowd` for many fields at once. */
export const crowdBt: Rung = ({ results, judgements }) =>
  firstOfBest(fitCrowd([{ count: results.length, judgements }]).strengths[0]!)
