/**
 * What one comparison says of answers `a` and `b` (indices into the field): `a` won `winOfA` of it, in [0, 1]: 1 a win, 0 a
 * loss, ½ a tie, anything between an average over verdicts. `weight` ≥ 0 is how many comparisons it counts as.
 */
export interface Preference {
  readonly a: number
  readonly b: number
  readonly winOfA: number
  readonly weight: number
}
