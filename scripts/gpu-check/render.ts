import Table from 'cli-table3'
import type { ProviderEntry } from '../../shared/inference/onnx/providers.ts'
import type { ModelResult, ProviderResult } from './check.ts'

const HEAD = ['device', 'model', 'what', 'tokens/s', 'ms', 'floor ms', '× floor']

/** One line for each provider, then one for each model and batch. */
export function renderCheck(entries: readonly ProviderEntry[], results: readonly ProviderResult[]): string {
  const found = entries.map(({ name, bundled }) =>
    bundled ? name : `${name} (libraries not in the package)`,
  )
  const lines = results.map(({ provider, selfTest, gigabytesPerSecond }) => {
    if (selfTest.kind === 'failed') return `${provider}: self-test failed: ${selfTest.reason}`
    const speed = `matrix product ${round(selfTest.speedup)} × one CPU core`
    const bandwidth = gigabytesPerSecond === undefined ? 'not measured' : `${round(gigabytesPerSecond)} GB/s`
    return `${provider}: self-test passed (${round(selfTest.error)} from the CPU), ${speed}, bandwidth ${bandwidth}`
  })
  const table = new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: [...HEAD],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
  })
  for (const { provider, models } of results)
    for (const model of models)
      table.push(...rowsOf(provider, model).map((row) => HEAD.map((_, column) => row[column] ?? '')))
  const failures = results.flatMap(({ provider, models }) =>
    models.flatMap((model) =>
      'failed' in model ? [`${provider}, ${model.name}: ${model.failed.split('\n', 1)[0]}`] : [],
    ),
  )
  return [`providers in this runtime: ${found.join(', ')}`, ...lines, table.toString(), ...failures].join(
    '\n',
  )
}

function rowsOf(provider: string, model: ModelResult): string[][] {
  if ('failed' in model) return [[provider, model.name, 'failed']]
  const { prefillTokens, prefillMs, cpuGap } = model
  const prefill = [`prefill ${prefillTokens}`, round((1000 * prefillTokens) / prefillMs), round(prefillMs)]
  const gap = cpuGap === undefined ? [] : [[provider, model.name, `${round(cpuGap)} from the CPU`]]
  return [
    ...gap,
    [provider, model.name, ...prefill],
    ...model.decode.map(({ batch, tokensPerSecond, stepMs, floorMs }) => [
      provider,
      model.name,
      `decode ${batch}`,
      round(tokensPerSecond),
      round(stepMs),
      round(floorMs),
      round(stepMs / floorMs),
    ]),
  ]
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–'
}
