import { listSupportedBackends } from 'onnxruntime-node'

/** An execution provider that the installed runtime was built for; one that is not bundled needs libraries beside it. */
export interface ProviderEntry {
  readonly name: string
  readonly bundled: boolean
}

export function listProviders(): readonly ProviderEntry[] {
  return listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }))
}
