/** The request target that a dialler signs: the path, and the key that it made for this one connection. */
export function upgradeTarget(path: string, key: Uint8Array): string {
  return `${path}?key=${Buffer.from(key).toString('hex')}`
}

/** The key in a target of exactly this path and form, else undefined. */
export function keyOfTarget(path: string, target: string): Uint8Array | undefined {
  const prefix = `${path}?key=`
  const hex = target.slice(prefix.length)
  if (!target.startsWith(prefix) || !/^[0-9a-f]{64}$/.test(hex)) return undefined
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
