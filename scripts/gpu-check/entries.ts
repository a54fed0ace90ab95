/** Programs that a check forks, by name: in the sources where they lie, in a bundle beside the main program. */
const SOURCES = {
  'measure-child': './measure-child.ts',
  'probe-child': '../../shared/inference/device/probe-child.ts',
} as const

export type ChildName = keyof typeof SOURCES

export function childEntry(name: ChildName): URL {
  const isBundled = !import.meta.url.endsWith('.ts')
  return new URL(isBundled ? `./${name}.mjs` : SOURCES[name], import.meta.url)
}
