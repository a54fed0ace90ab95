import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const reportSchema = z.object({
  numTotalTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
})

/** What test files said of a working tree. */
export interface TestRun {
  readonly tests: number
  /** Full names. */
  readonly failed: readonly string[]
}

/** Runs test files in a folder. A file that can't be loaded runs no tests: that is no kill. */
export async function runTests(folder: string, files: readonly string[]): Promise<TestRun> {
  const output = join(folder, 'mutants-report.json')
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...files]
  args.push('--reporter=json', `--outputFile=${output}`, '--maxWorkers=1')
  // Red tests end it with 1: what they said is in the report.
  await new Promise<void>((done) => {
    execFile(process.execPath, args, { cwd: folder, timeout: 300_000, maxBuffer: 2 ** 26 }, () => done())
  })
  const report = reportSchema.parse(JSON.parse(await readFile(output, 'utf8')))
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
  return { tests: report.numTotalTests, failed }
}
