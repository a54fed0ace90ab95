import { portableExp, portableLn, portableSinCos } from '../portable-math.ts'
import { type Architecture, headWidth } from './architecture.ts'

export interface RotaryTables {
  /** positions × headWidth/2, row-major. */
  readonly cos: Float32Array
  readonly sin: Float32Array
}

/**
 * Rotary position tables (Su et al. 2021): the angle at position t and pair i is t · base^(−2i/headWidth).
 * Computed with the portable functions, so that the model's bytes do not depend on the JavaScript engine.
 */
export function rotaryTables(architecture: Architecture, positions: number): RotaryTables {
  const half = headWidth(architecture) / 2
  const cos = new Float32Array(positions * half)
  const sin = new Float32Array(positions * half)
  for (let i = 0; i < half; i++) {
    const frequency = portableExp((-i / half) * portableLn(architecture.ropeBase))
    for (let position = 0; position < positions; position++) {
      const angle = portableSinCos(position * frequency)
      cos[position * half + i] = angle.cos
      sin[position * half + i] = angle.sin
    }
  }
  return { cos, sin }
}
