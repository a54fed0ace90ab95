import { describe, expect, it } from 'vitest'
import { MINER_CODES, MINER_RULES, type MinerFacts, payOf } from '../../../miner/watch/readiness.ts'
import type { Hyperparameters, Metagraph } from '../../../shared/chain/chain-client.ts'
import { reasonsOf } from '../../../shared/process/health/reason.ts'
import {
  ALONE_LIMIT_SECONDS,
  type CommonFacts,
  ENGINE_LIMIT_SECONDS,
  HEAD_LIMIT_SECONDS,
} from '../../../shared/process/health/rules.ts'
import {
  standingOf,
  VALIDATOR_CODES,
  VALIDATOR_RULES,
  type ValidatorFacts,
  weightsLimit,
} from '../../../validator/watch/readiness.ts'
import { neuronOf } from '../../support/miner-chain.ts'

const WELL: CommonFacts = {
  headAgeSeconds: 12,
  writesStopped: undefined,
  isRegistered: true,
  engines: [{ name: 'small', downSeconds: 0 }],
  sessions: 1,
  secondsAlone: 0,
  unsaved: undefined,
}
const MINER: MinerFacts = { ...WELL, isAddressOnChain: true }
const VALIDATOR: ValidatorFacts = {
  ...WELL,
  maySetWeights: true,
  weightsAgeBlocks: 100,
  weightsLimitBlocks: 800,
}

/** Just within each limit, and just beyond. */
const COMMON_CASES: [string, Partial<CommonFacts>, Partial<CommonFacts>][] = [
  ['HEAD_OLD', { headAgeSeconds: HEAD_LIMIT_SECONDS }, { headAgeSeconds: HEAD_LIMIT_SECONDS + 0.1 }],
  ['WRITES_STOPPED', { writesStopped: undefined }, { writesStopped: 'spec 999 is not known' }],
  ['NOT_REGISTERED', { isRegistered: true }, { isRegistered: false }],
  ['NOT_REGISTERED', { isRegistered: true }, { isRegistered: undefined }],
  [
    'ENGINE_DOWN',
    { engines: [{ name: 'small', downSeconds: ENGINE_LIMIT_SECONDS }] },
    {
      engines: [
        { name: 'nano', downSeconds: 0 },
        { name: 'small', downSeconds: ENGINE_LIMIT_SECONDS + 1 },
      ],
    },
  ],
  ['NO_SESSION', { sessions: 0, secondsAlone: ALONE_LIMIT_SECONDS }, { sessions: 0, secondsAlone: 601 }],
  ['STATE_UNSAVED', { unsaved: undefined }, { unsaved: 'error STATE_FULL: no space left' }],
]

const codesOf = (facts: ValidatorFacts) => reasonsOf(facts, VALIDATOR_RULES).map(({ code }) => code)
const minerCodesOf = (facts: MinerFacts) => reasonsOf(facts, MINER_RULES).map(({ code }) => code)

describe('readiness', () => {
  it('is green for both while all is well', () => {
    expect(codesOf(VALIDATOR)).toEqual([])
    expect(minerCodesOf(MINER)).toEqual([])
  })

  it.each(COMMON_CASES)('%s: green within its limit, red beyond, for both programs', (code, green, red) => {
    expect(codesOf({ ...VALIDATOR, ...green })).toEqual([])
    expect(minerCodesOf({ ...MINER, ...green })).toEqual([])
    expect(codesOf({ ...VALIDATOR, ...red })).toEqual([code])
    expect(minerCodesOf({ ...MINER, ...red })).toEqual([code])
  })

  it('NO_PERMIT: red without permit, and silent where there is no uid', () => {
    expect(codesOf({ ...VALIDATOR, maySetWeights: false })).toEqual(['NO_PERMIT'])
    expect(codesOf({ ...VALIDATOR, maySetWeights: false, isRegistered: false })).toEqual(['NOT_REGISTERED'])
  })

  it('WEIGHTS_STALE: green at its limit and while nothing is known, red beyond', () => {
    expect(codesOf({ ...VALIDATOR, weightsAgeBlocks: 800 })).toEqual([])
    expect(codesOf({ ...VALIDATOR, weightsAgeBlocks: undefined })).toEqual([])
    expect(codesOf({ ...VALIDATOR, weightsAgeBlocks: 801 })).toEqual(['WEIGHTS_STALE'])
  })

  it('AXON_UNPUBLISHED: red while validators dial another address, silent for a miner that dials them', () => {
    expect(minerCodesOf({ ...MINER, isAddressOnChain: false })).toEqual(['AXON_UNPUBLISHED'])
    expect(minerCodesOf({ ...MINER, isAddressOnChain: undefined })).toEqual([])
  })

  it('names every reason in the list that the series has', () => {
    const worst: CommonFacts = Object.assign({}, WELL, ...COMMON_CASES.map(([, , red]) => red))
    const all = { ...VALIDATOR, ...worst, isRegistered: true, maySetWeights: false, weightsAgeBlocks: 9999 }
    expect([...codesOf(all), 'NOT_REGISTERED'].sort()).toEqual([...VALIDATOR_CODES].sort())
    const miner = { ...MINER, ...worst, isRegistered: true, isAddressOnChain: false }
    expect([...minerCodesOf(miner), 'NOT_REGISTERED'].sort()).toEqual([...MINER_CODES].sort())
  })

  it('says one line for each reason, whatever an endpoint wrote', () => {
    const [reason] = reasonsOf({ ...VALIDATOR, writesStopped: 'a\nb\u001b[2J' }, VALIDATOR_RULES)
    expect(reason?.message).not.toMatch(/\p{Cc}/u)
  })
})

describe('the limit of weights', () => {
  const rules = { tempo: 360, weightsRateLimit: 100, activityCutoff: 5000 } as Hyperparameters

  it('follows from the longer of tempo and rate limit', () => {
    expect(weightsLimit(rules, 25)).toBe(2 * (361 + 25))
    expect(weightsLimit({ ...rules, weightsRateLimit: 1000 }, 25)).toBe(2 * 1025)
  })

  it('leaves time to act before the validator counts as inactive', () => {
    expect(weightsLimit({ ...rules, activityCutoff: 700 }, 25)).toBe(350)
  })
})

describe('standing on the subnet', () => {
  const metagraph = (fields: Partial<Metagraph>) =>
    ({ block: 100, neurons: [], ...fields }) as unknown as Metagraph

  it('is not known before the metagraph was read', () => {
    expect(standingOf(undefined, 'v', 100).isRegistered).toBeUndefined()
  })

  it('counts blocks by the newer of head and metagraph', () => {
    const neurons = [neuronOf('v', 0, { validatorPermit: true, lastUpdate: 40 })]
    expect(standingOf(metagraph({ neurons }), 'v', 120).weightsAgeBlocks).toBe(80)
    expect(standingOf(metagraph({ neurons }), 'v', undefined).weightsAgeBlocks).toBe(60)
  })

  it('lets the owner set weights without a permit', () => {
    const neurons = [neuronOf('v', 0)]
    expect(standingOf(metagraph({ neurons }), 'v', 1).maySetWeights).toBe(false)
    expect(standingOf(metagraph({ neurons, ownerHotkey: 'v' }), 'v', 1).maySetWeights).toBe(true)
  })
})

describe('pay', () => {
  it('is a share of all incentive, and equal ones share a place', () => {
    const neurons = [30, 60, 30, 0].map((incentive, uid) =>
      neuronOf(`m${uid}`, uid, { incentive, emission: 5n }),
    )
    expect(payOf({ neurons }, neurons[0]!)).toEqual({ incentive: 0.25, emissionRao: 5, rank: 2, paid: 3 })
    expect(payOf({ neurons }, neurons[2]!).rank).toBe(2)
    expect(payOf({ neurons }, neurons[3]!).rank).toBeNull()
  })
})
