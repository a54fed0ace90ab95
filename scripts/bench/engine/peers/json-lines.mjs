import { createInterface } from 'node:readline'

/**
 * Serves calls on stdin, one JSON object a line: `{id, method, params}` is answered with `{id, result}` or `{id, error}`. Calls are
 * run one after the other. What libraries print goes to stderr, so that only answers are on stdout.
 */
export async function serveJsonLines(methods) {
  for (const name of ['log', 'info', 'warn', 'debug']) console[name] = console.error
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line)
    let reply
    try {
      reply = { id, result: await methods[method](params) }
    } catch (error) {
      reply = { id, error: error instanceof Error ? error.message : String(error) }
    }
    process.stdout.write(`${JSON.stringify(reply)}\n`)
  }
}
