import { z } from 'zod'

const u16 = z.int().min(0).max(65_535)
const block = z.int().min(0)
const rao = z.string().regex(/^\d+$/).transform(BigInt)
const cells = z.array(z.tuple([u16, u16]))
const shares = z.array(u16.nullable())
const amounts = z.array(rao.nullable())
const flags = z.array(z.boolean())
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullable().transform((value) => value ?? undefined)

const liquidAlpha = z.strictObject({
  alphaLow: u16,
  alphaHigh: u16,
  alphaSigmoidSteepness: z.int().min(-32_768).max(32_767),
})

/** An `EpochInput` in which three fields may be carried over from the epoch before. */
const input = z.strictObject({
  block,
  tempo: u16,
  lastStep: z.union([block, z.literal('carry')]),
  activityCutoff: block,
  kappa: u16,
  bondsPenalty: u16,
  bondsMovingAverage: block,
  maxValidators: u16,
  stakeThreshold: rao,
  ownerUid: optional(u16),
  yuma3: z.boolean(),
  liquidAlpha: optional(liquidAlpha),
  stake: z.array(rao),
  lastUpdate: z.array(block),
  blockAtRegistration: z.array(block),
  firstCommitBlock: z.array(optional(block)),
  validatorPermit: z.union([flags, z.literal('carry')]),
  weights: z.array(cells),
  bonds: z.union([z.array(cells), z.literal('carry')]),
  emission: rao,
})

const expectation = z
  .strictObject({
    active: flags,
    stakeWeight: shares,
    consensus: shares,
    incentive: shares,
    dividends: shares,
    validatorTrust: shares,
    validatorPermit: flags,
    bonds: z.array(cells.nullable()),
    serverEmission: amounts,
    validatorEmission: amounts,
    emission: amounts,
  })
  .partial()

/** Epochs of one subnet, and what each has to find; `test/vectors/yuma/README.md` explains the fields. */
export const vectorSchema = z.strictObject({
  name: z.string(),
  /** Test of Subtensor's that the numbers are from. */
  source: z.string(),
  /** As a share of 65535; 0: equal to the last bit. */
  tolerance: z.number().min(0).max(1),
  epochs: z.array(z.strictObject({ input, expect: expectation })).min(1),
})

export type EpochVector = z.infer<typeof vectorSchema>
