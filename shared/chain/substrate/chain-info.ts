import type { ApiPromise } from '@polkadot/api'
import { StarlingError } from '../../process/errors.ts'
import type { ChainInfo } from '../chain-client.ts'

/** What the chain must be. */
export interface ExpectedChain {
  readonly specName?: string | undefined
  readonly genesisHash?: string | undefined
}

export function infoOf(api: ApiPromise): Omit<ChainInfo, 'chainType'> {
  const genesisHash = api.genesisHash.toHex()
  const { specName, specVersion } = api.runtimeVersion
  return {
    specName: specName.toString(),
    specVersion: specVersion.toNumber(),
    genesisHash,
    marker: genesisHash,
  }
}

/** Throws `CHAIN_WRONG` when the chain behind `endpoint` is not the expected one. */
export function assertExpected(
  info: Partial<ChainInfo>,
  endpoint: string,
  expected: ExpectedChain = {},
): void {
  const wrong = [
    expected.specName !== undefined && expected.specName !== info.specName
      ? `its runtime is ${info.specName}, not ${expected.specName}`
      : undefined,
    expected.genesisHash !== undefined && expected.genesisHash !== info.genesisHash
      ? `its genesis is ${info.genesisHash}, not ${expected.genesisHash}`
      : undefined,
  ].filter((text) => text !== undefined)
  if (wrong.length === 0) return
  const message = `${endpoint} is another chain: ${wrong.join(' and ')}`
  throw new StarlingError('CHAIN_WRONG', message, 'check the endpoint')
}
