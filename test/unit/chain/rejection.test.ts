import { describe, expect, it } from 'vitest'
import { dispatchRejection, poolRejection } from '../../../shared/chain/substrate/rejection.ts'

const invalid = (data: string) => poolRejection('x.y', { code: 1010, message: 'Invalid Transaction', data })

describe('rejections', () => {
  it('names a dispatch error after the runtime’s own', () => {
    expect(dispatchRejection('subtensorModule.setWeights', 'SettingWeightsTooFast')).toMatchObject({
      code: 'CHAIN_SETTING_WEIGHTS_TOO_FAST',
      message: 'the chain refused subtensorModule.setWeights: SettingWeightsTooFast',
      remedy: 'wait for the weights rate limit and try again',
    })
    expect(dispatchRejection('x.y', 'HotKeyNotRegisteredInSubNet').code).toBe(
      'CHAIN_HOT_KEY_NOT_REGISTERED_IN_SUB_NET',
    )
    expect(dispatchRejection('x.y', 'NewInTheNextRelease')).toMatchObject({
      code: 'CHAIN_NEW_IN_THE_NEXT_RELEASE',
      remedy: undefined,
    })
  })

  it.each([
    'SettingWeightsTooFast',
    'CommittingWeightsTooFast',
    'IncorrectWeightVersionKey',
    'NotEnoughStakeToSetWeights',
    'NeuronNoValidatorPermit',
    'DuplicateUids',
    'UidVecContainInvalidOne',
    'WeightVecLengthIsLow',
    'MaxWeightExceeded',
    'CommitRevealEnabled',
    'CommitRevealDisabled',
    'IncorrectCommitRevealVersion',
    'TooManyUnrevealedCommits',
    'NoWeightsCommitFound',
    'InvalidRevealCommitHashNotMatch',
    'RevealTooEarly',
    'ExpiredWeightCommit',
    'MechanismDoesNotExist',
    'ServingRateLimitExceeded',
    'RegistrationPriceLimitExceeded',
  ])('says what to do about %s', (name) => {
    expect(dispatchRejection('x.y', name).remedy).toMatch(/\w+ \w+/)
  })

  it.each([
    ['Custom error: 6', 'CHAIN_RATE_LIMIT_EXCEEDED'],
    ['Custom error: 10', 'CHAIN_HOT_KEY_NOT_REGISTERED_IN_NETWORK'],
    ['Custom error: 16', 'CHAIN_COMMIT_NOT_FOUND'],
    ['Custom error: 25', 'CHAIN_NON_ASSOCIATED_COLD_KEY'],
    ['Custom error: 255', 'CHAIN_BAD_REQUEST'],
    ['Custom error: 200', 'CHAIN_REJECTED'],
    ['Inability to pay some fees (e.g. account balance too low)', 'CHAIN_BALANCE_TOO_LOW'],
    ['Transaction is outdated', 'CHAIN_REJECTED'],
  ])('reads the pool’s %s', (data, code) => {
    expect(invalid(data).code).toBe(code)
  })

  it('says what to do about a nonce that is taken', () => {
    expect(invalid('Transaction is outdated').remedy).toMatch(/try again/)
    expect(
      poolRejection('x.y', {
        code: 1014,
        message: 'Priority is too low: (1 vs 1)',
        data: 'The transaction has too low priority to replace another transaction already in the pool.',
      }).remedy,
    ).toMatch(/try again/)
  })
})
