/** Version of this software, as in package.json (a test compares them). */
export const VERSION = '0.1.0'

/** major·10^6 + minor·10^3 + patch: the form in which Subtensor carries versions (axon version, weights version key). */
export function versionAsInt(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1_000_000 + minor * 1_000 + patch
}
