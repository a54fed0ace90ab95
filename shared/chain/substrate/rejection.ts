import { StarlingError } from '../../process/errors.ts'

/** What an operator can do about an error, by the runtime's name for it. */
const REMEDIES: Readonly<Record<string, string>> = {
  AccountNotAllowedCommit: 'register the hotkey on this subnet',
  ActivityCutoffTooLow: 'give a longer activity cutoff',
  AmountTooLow: 'give a larger amount',
  BadOrigin: 'sign with the key that may do this',
  BalanceTooLow: 'fund the account',
  CannotAffordLockCost: 'fund the coldkey',
  ColdkeyInSwapSchedule: 'wait until the coldkey’s swap is done',
  CommitBlockNotInRevealRange: 'reveal in the epoch that the commit is for',
  CommitNotFound: 'commit the weights first, and reveal exactly those',
  CommitRevealDisabled: 'set the weights plainly; this subnet has commit-reveal off',
  CommitRevealEnabled: 'set weights by commit-reveal, or let the subnet’s owner switch it off',
  CommittingWeightsTooFast: 'wait for the weights rate limit and try again',
  DuplicateUids: 'name each uid once',
  ExpiredWeightCommit: 'commit again; the epoch to reveal that commit in is over',
  FundsUnavailable: 'fund the account',
  HotKeyAccountNotExists: 'register the hotkey first',
  HotKeyAlreadyRegisteredInSubNet: 'nothing to do, the hotkey is registered',
  HotKeyNotRegisteredInNetwork: 'register the hotkey on a subnet',
  HotKeyNotRegisteredInSubNet: 'register the hotkey on this subnet',
  IncorrectCommitRevealVersion: 'update this software; the chain takes timelocked commits of another version',
  IncorrectWeightVersionKey: 'update this software; the subnet asks for a newer one',
  InvalidIpAddress: 'serve on an address that others can reach; the chain refuses 127.0.0.1',
  InvalidIpType: 'give an IPv4 or IPv6 address',
  InvalidPort: 'give a port above 0',
  InvalidRevealCommitHashNotMatch: 'reveal exactly what was committed, with its salt',
  InvalidRevealRound: 'commit again for a round of drand that is still to come',
  MaxWeightExceeded: 'spread the weights over more uids',
  MechanismDoesNotExist: 'name a mechanism that the subnet has',
  NeuronNoValidatorPermit: 'stake more, or wait for the next epoch, which gives out permits',
  NonAssociatedColdKey: 'sign with the coldkey that owns the hotkey',
  NoNeuronIdAvailable: 'wait until a neuron leaves its immunity period',
  NotEnoughBalanceToStake: 'fund the coldkey',
  NotEnoughStakeToSetWeights: 'stake more to the hotkey',
  NotEnoughStakeToWithdraw: 'withdraw less',
  NoWeightsCommitFound: 'commit the weights first',
  RateLimitExceeded: 'wait some blocks and try again',
  RegistrationPriceLimitExceeded: 'accept a higher price, or wait until registration is cheaper',
  RequireSudo: 'sign with the sudo key',
  RevealTooEarly: 'wait for the epoch of the reveal',
  ServingRateLimitExceeded: 'wait for the serving rate limit and try again',
  SettingWeightsTooFast: 'wait for the weights rate limit and try again',
  SpaceLimitExceeded: 'wait for the subnet’s next epoch, which gives space anew',
  StakeAmountTooLow: 'give a larger amount',
  SubnetDoesNotExist: 'check --netuid',
  SubnetNotExists: 'check --netuid',
  SubNetRegistrationDisabled: 'wait until the subnet’s owner opens registration',
  SubtokenDisabled: 'wait until the subnet’s owner starts it',
  TooManyRegistrationsThisBlock: 'try again in the next block',
  TooManyRegistrationsThisInterval: 'try again in the next interval of registrations',
  TooManyUnrevealedCommits: 'wait until a commit is revealed or expires',
  UidsLengthExceedUidsInSubNet: 'read the metagraph again; the subnet has fewer uids',
  UidVecContainInvalidOne: 'read the metagraph again; a uid is not on the subnet',
  Underflow: 'give a smaller amount, or fund the account',
  WeightVecLengthIsLow: 'give weights to more uids',
}

/** Names of the custom codes that Subtensor's transaction pool gives (common/src/transaction_error.rs). */
const CUSTOM_ERRORS: Readonly<Record<number, string>> = {
  0: 'ColdkeyInSwapSchedule',
  1: 'StakeAmountTooLow',
  2: 'BalanceTooLow',
  3: 'SubnetNotExists',
  4: 'HotKeyAccountNotExists',
  5: 'NotEnoughStakeToWithdraw',
  6: 'RateLimitExceeded',
  7: 'InsufficientLiquidity',
  8: 'SlippageTooHigh',
  9: 'TransferDisallowed',
  10: 'HotKeyNotRegisteredInNetwork',
  11: 'InvalidIpAddress',
  12: 'ServingRateLimitExceeded',
  13: 'InvalidPort',
  14: 'ZeroMaxAmount',
  15: 'InvalidRevealRound',
  16: 'CommitNotFound',
  17: 'CommitBlockNotInRevealRange',
  18: 'InputLengthsUnequal',
  19: 'UidNotFound',
  20: 'EvmKeyAssociateRateLimitExceeded',
  21: 'ColdkeySwapDisputed',
  22: 'InvalidRealAccount',
  23: 'FailedShieldedTxParsing',
  24: 'InvalidShieldedTxPubKeyHash',
  25: 'NonAssociatedColdKey',
  26: 'DelegateTakeTooLow',
  27: 'DelegateTakeTooHigh',
  255: 'BadRequest',
}

/** The error for a transaction that is in a block but failed there. `name` is the runtime's, for example `DuplicateUids`. */
export function dispatchRejection(call: string, name: string): StarlingError {
  return new StarlingError(codeOf(name), `the chain refused ${call}: ${name}`, REMEDIES[name])
}

/** The error for a transaction that the pool did not take, from a node's JSON-RPC error. */
export function poolRejection(
  call: string,
  error: { code: number; message: string; data?: unknown },
): StarlingError {
  const reason = typeof error.data === 'string' ? error.data : error.message
  const custom = /custom error: (\d+)/i.exec(`${error.message} ${reason}`)
  const name = custom === null ? undefined : CUSTOM_ERRORS[Number(custom[1])]
  if (name !== undefined) return dispatchRejection(call, name)
  if (/pay some fees/.test(reason)) return dispatchRejection(call, 'BalanceTooLow')
  const remedy = /outdated|too low priority|already imported/i.test(`${error.message} ${reason}`)
    ? 'another transaction of this account came before; try again'
    : undefined
  return new StarlingError(
    'CHAIN_REJECTED',
    `the chain did not take ${call}: ${error.message} (${reason})`,
    remedy,
  )
}

/** `SettingWeightsTooFast` becomes `CHAIN_SETTING_WEIGHTS_TOO_FAST`. */
function codeOf(name: string): string {
  return `CHAIN_${name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`
}
