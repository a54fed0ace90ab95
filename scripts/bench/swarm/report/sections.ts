import type { Section } from './section.ts'
import { ABLATION } from './sections/ablation.ts'
import { CLIQUES } from './sections/cliques.ts'
import { DEVNET } from './sections/devnet.ts'
import { INJECTION } from './sections/injection.ts'
import { LAZY } from './sections/lazy.ts'
import { MISMATCH } from './sections/mismatch.ts'
import { REAL } from './sections/real.ts'
import { SHARING } from './sections/sharing.ts'

/** In the order of the page. */
export const SECTIONS: readonly Section[] = [
  CLIQUES,
  SHARING,
  LAZY,
  REAL,
  ABLATION,
  INJECTION,
  MISMATCH,
  DEVNET,
]
