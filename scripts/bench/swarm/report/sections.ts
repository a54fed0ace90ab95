import type { Section } from './section.ts'
import { INJECTION } from './sections/injection.ts'
import { MISMATCH } from './sections/mismatch.ts'

/** In the order of the page. */
export const SECTIONS: readonly Section[] = [INJECTION, MISMATCH]
