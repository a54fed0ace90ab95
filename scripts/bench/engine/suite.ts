import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report, Suite, SuiteOptions, SuiteResult } from '../suite.ts'
import type { Context, Part } from './context.ts'
import { measurePacked } from './measure-packed.ts'
import { measurePeers } from './measure-peers.ts'
import { measureQuality } from './measure-quality.ts'
import { measureSameTokens, measureService } from './measure-service.ts'
import { measureSpeed } from './measure-speed.ts'
import { prepareModel } from './models.ts'
import { FULL, QUICK } from './sample-sizes.ts'

/** Engines, peers and the floor all get as many. */
const THREADS = 2

const PARTS = [measureSpeed, measurePacked, measureService, measureSameTokens, measureQuality, measurePeers]

/** The inference engine: speed beside what the machine allows and beside others, service under load, and scores. */
export const engineSuite: Suite = {
  async run(options, report) {
    const scratch = await mkdtemp(join(tmpdir(), 'starling-bench-engine-'))
    try {
      return await runParts(await prepare(options, scratch, report))
    } finally {
      await rm(scratch, { recursive: true })
    }
  },
}

async function prepare(
  { quick, seed, now }: SuiteOptions,
  scratch: string,
  report: Report,
): Promise<Context> {
  const prepared = async (name: 'nano' | 'small' | 'base') => prepareModel(name, 'models', scratch, seed)
  const models = {
    nano: await prepared('nano'),
    small: await prepared('small'),
    base: await prepared('base'),
  }
  return { sizes: quick ? QUICK : FULL, models, threads: THREADS, seed, now, report }
}

/** Runs the parts one after the other: each is given the whole machine. */
export async function runParts(
  context: Context,
  parts: readonly ((context: Context) => Promise<Part>)[] = PARTS,
): Promise<SuiteResult> {
  const results: Part[] = []
  for (const part of parts) results.push(await part(context))
  const { threads, sizes } = context
  const untrained = Object.values(context.models).flatMap(({ name, trained }) => (trained ? [] : [name]))
  return {
    raw: { threads, sizes, untrained, ...Object.assign({}, ...results.map(({ raw }) => raw)) },
    bars: results.flatMap(({ bars }) => bars),
  }
}
