import type { ScoringConfig } from './config.ts'
import type { AnswerOutcome } from './outcome.ts'

/**
 * Each miner's speed against the median of the group, clipped to [speedFloor, 1]: the median and all above it are 1, so a small
 * fast model cannot outrun a good one.
 *
 * @param answersOf hotkey → its credited answers of the round; miners without a measured speed are left out
 */
export function relativeSpeeds(
  answersOf: ReadonlyMap<string, readonly AnswerOutcome[]>,
  config: ScoringConfig,
): Map<string, number> {
  const means = [...answersOf].flatMap(([hotkey, answers]) => {
    const speeds = answers.flatMap(({ tokensPerSecond }) => tokensPerSecond ?? [])
    return speeds.length === 0
      ? []
      : [{ hotkey, speed: speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length }]
  })
  const middle = median(means.map(({ speed }) => speed))
  return new Map(
    means.map(({ hotkey, speed }) => [
      hotkey,
      middle > 0 ? Math.min(1, Math.max(config.speedFloor, speed / middle)) : 1,
    ]),
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
