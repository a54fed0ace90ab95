import type { Section } from './section.ts'
import { ABLATION } from './sections/ablation.ts'
import { CLIQUES } from './sections/cliques.ts'
import { DEVNET } from './sections/devnet.ts'
import { INJECTION } from './sections/injection.ts'
import { LAZY } from './sections/lazy.ts'
import { MISMATCH } from './sections/mismatch.ts'
import { REAL } from './sections/real.ts'
import { SCENARIO } from './sections/scenario.ts'
import { SHARING } from './sections/sharing.ts'
import { TOP1 } from './sections/top1.ts'
import { VALIDATORS } from './sections/validators.ts'

/** In the order of the page. */
export const SECTIONS: readonly Section[] = [
  TOP1,
  CLIQUES,
  SHARING,
  LAZY,
  VALIDATORS,
  REAL,
  ABLATION,
  INJECTION,
  MISMATCH,
  DEVNET,
  SCENARIO,
]
