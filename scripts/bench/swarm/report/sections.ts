import type { Section } from './section.ts'
import { CLIQUES } from './sections/cliques.ts'
import { DEVNET } from './sections/devnet.ts'
import { INJECTION } from './sections/injection.ts'
import { MISMATCH } from './sections/mismatch.ts'
import { REAL } from './sections/real.ts'

/** In the order of the page. */
export const SECTIONS: readonly Section[] = [CLIQUES, REAL, INJECTION, MISMATCH, DEVNET]
