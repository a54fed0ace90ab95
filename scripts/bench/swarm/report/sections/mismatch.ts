import { z } from 'zod'
import { FP32_MARGIN } from '../../../../../shared/proof/decision.ts'
import { escapeHtml } from '../../../../page/escape-html.ts'
import { intervalChart } from '../../../../page/interval-chart.ts'
import { colorOf, LIMIT_COLOR } from '../colors.ts'
import { figure } from '../figures.ts'
import { figureField, htmlTable, section } from '../section.ts'

const machine = z.object({ maxBatch: z.number(), threads: z.number() })
const schema = z.object({
  kinds: z.array(
    z.object({
      kind: z.object({ model: z.string(), precision: z.string(), judge: machine, verifier: machine }),
      ...{ verdicts: z.number(), tokens: z.number(), mismatched: z.number(), inexact: z.number() },
      largestMargin: figureField,
    }),
  ),
  verdicts: z.number(),
  mismatched: z.number(),
  upper: figureField,
})

export const MISMATCH = section(
  'mismatch',
  'Honest verdicts, replayed',
  'Verdicts of honest judges, computed again on another number of threads and in other batches. Whatever does not come out would cost an honest judge its pay.',
  schema,
  ({ kinds, verdicts, mismatched, upper }) => {
    const name = ({ kind }: (typeof kinds)[number]) =>
      `${kind.model} ${kind.precision}, batch ${kind.judge.maxBatch} on ${kind.judge.threads} against ${kind.verifier.maxBatch} on ${kind.verifier.threads}`
    const chart = intervalChart(
      'Largest margin of a verdict',
      kinds.map((one) => ({ name: name(one), points: [{ value: one.largestMargin, color: colorOf(0) }] })),
      {
        unit: 'logit units by which a token lies below what the judge’s seed would have chosen; powers of ten',
        ...{ from: 1e-8, to: 1, isLogarithmic: true },
        marks: [{ value: FP32_MARGIN, name: 'from here on it is a mismatch', color: LIMIT_COLOR }],
      },
    )
    const rows = kinds.map((one) =>
      [name(one), one.verdicts, one.tokens, one.mismatched, one.inexact].map((cell) =>
        typeof cell === 'number' ? figure(cell) : escapeHtml(cell),
      ),
    )
    const all = `<p><b>${figure(mismatched)} of ${figure(verdicts)}</b> did not come out; the upper 95 % end of the rate is ${figure(upper)}.</p>`
    return `${all}${chart}${htmlTable(['judge against validator', 'verdicts', 'tokens', 'mismatched', 'other tokens, within rounding'], rows)}`
  },
)
