/** A verifier broken on purpose: the suite must go red, or the check that it breaks is held by nothing. */
export interface Mutant {
  readonly name: string
  /** What a cheat would gain, in a few words. */
  readonly breaks: string
  readonly file: string
  /** Text that stands exactly once in the file, and what is put in its place. */
  readonly find: string
  readonly replace: string
  /** Test files that must go red; each is enough by itself. */
  readonly killers: readonly string[]
}
