/** What one thing shows of itself: numbers of features, each counted once. */
export type Features = ReadonlySet<number>

export interface Example {
  readonly features: Features
  readonly label: boolean
}

/** Features are told apart by these many bits of their hash. */
const BUCKETS = 2 ** 16

/** FNV-1a over a name, to the number of its feature. */
export function featureOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % BUCKETS
}

/** Every run of 1 to `longest` bytes, how often each byte is there, and how many there are. */
export function byteFeatures(bytes: Uint8Array, longest = 3): Features {
  const features = new Set<number>([featureOf(`length ${bytes.length}`)])
  const counts = new Array<number>(256).fill(0)
  for (let start = 0; start < bytes.length; start++) {
    counts[bytes[start]!]!++
    let hash = 0x811c9dc5
    for (let end = start; end < Math.min(bytes.length, start + longest); end++) {
      hash = Math.imul(hash ^ bytes[end]!, 0x01000193)
      features.add((hash >>> 0) % BUCKETS)
    }
  }
  for (const [byte, count] of counts.entries()) features.add(featureOf(`count ${byte} ${count}`))
  return features
}

/** Naive Bayes over whether each feature is there. @returns the log odds of `true`, but for a constant */
export function trainBayes(examples: readonly Example[]): (features: Features) => number {
  const seen = [new Float64Array(BUCKETS), new Float64Array(BUCKETS)] as const
  const total: [number, number] = [0, 0]
  for (const { features, label } of examples) {
    const side = label ? 1 : 0
    total[side]++
    for (const feature of features) seen[side][feature]!++
  }
  const odds = Float64Array.from({ length: BUCKETS }, (_, feature) => {
    const chance = (side: 0 | 1) => (seen[side][feature]! + 1) / (total[side] + 2)
    return Math.log(chance(1) / chance(0))
  })
  return (features) => {
    let sum = 0
    for (const feature of features) sum += odds[feature]!
    return sum
  }
}

/** Area under the curve of true against false positives: the chance that a true example scores above a false one, ties half. */
export function areaUnderCurve(
  scored: readonly { readonly score: number; readonly label: boolean }[],
): number {
  const order = [...scored].sort((a, b) => a.score - b.score)
  let [below, area, at] = [0, 0, 0]
  while (at < order.length) {
    let [tied, trueOnes, end] = [0, 0, at]
    for (; end < order.length && order[end]!.score === order[at]!.score; end++)
      if (order[end]!.label) trueOnes++
      else tied++
    area += trueOnes * (below + tied / 2)
    below += tied
    at = end
  }
  return area / (below * (order.length - below))
}

/** How far from ½ that area may lie by chance, in 999 of 1,000 cases (Mann and Whitney 1947). */
export function chanceBound(trueOnes: number, falseOnes: number): number {
  return 3.29 * Math.sqrt((trueOnes + falseOnes + 1) / (12 * trueOnes * falseOnes))
}

/** Trains on the even places and tries the odd ones. @returns the area, and how far it lies from ½ in units of the bound */
export function leakOf(examples: readonly Example[]): { readonly area: number; readonly excess: number } {
  const score = trainBayes(examples.filter((_, i) => i % 2 === 0))
  const held = examples.filter((_, i) => i % 2 === 1)
  const area = areaUnderCurve(held.map(({ features, label }) => ({ score: score(features), label })))
  const trueOnes = held.filter(({ label }) => label).length
  return { area, excess: Math.abs(area - 0.5) / chanceBound(trueOnes, held.length - trueOnes) }
}
