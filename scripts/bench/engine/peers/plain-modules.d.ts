/** Drivers of peers run without a loader, so what they share is plain JavaScript. */
declare module '*/json-lines.mjs' {
  /** Serves calls on stdin until it ends. */
  export function serveJsonLines(methods: Readonly<Record<string, (params: never) => unknown>>): Promise<void>
}
