/** Told apart by everybody, on light and dark ground (after Okabe and Ito). */
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56b4e9', '#8c6bb1'] as const

/** The nth of them, over and over. */
export function colorOf(n: number): string {
  return COLORS[n % COLORS.length]!
}

/** Lines that are asked for. */
export const LIMIT_COLOR = '#c0392b'
/** Lines that are there to compare with. */
export const NEUTRAL_COLOR = '#7f8c8d'
