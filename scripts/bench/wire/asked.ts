/** What is asked of a bar. */
export interface Asked {
  readonly most?: number
  readonly least?: number
}

export const ASKED: Readonly<Record<string, Asked>> = {
  'echo.ratio': { least: 0.7 },
  'signed.ratio': { least: 0.8 },
  'http.ratio': { least: 3 },
  'axon.ratio': { least: 10 },
  rss256: { most: 300 },
  'commit.p99': { most: 50 },
}
