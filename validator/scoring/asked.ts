/** Prompts of the past that a validator remembers. Their hashes stand in every published book, so there is an end to it. */
export const PROMPTS_REMEMBERED = 1024

/** The hashes of the newest prompts, oldest first, each once. */
export function rememberPrompts(before: readonly string[], fresh: readonly string[]): string[] {
  const last = new Set(fresh)
  return [...before.filter((hash) => !last.has(hash)), ...last].slice(-PROMPTS_REMEMBERED)
}
