import type { Context } from '../context.ts'
import type { PartResult } from '../results.ts'

export async function measureDispute(_context: Context): Promise<PartResult> {
  return { rows: [] }
}
