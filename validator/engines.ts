import type { Engine, ModelInfo } from '../shared/inference/engine.ts'

/** The engine that computes a model in exactly that class: numbers of other classes say nothing about its answers. */
export function engineOf(
  engines: readonly Engine[],
  { hash, executionClass }: Pick<ModelInfo, 'hash' | 'executionClass'>,
): Engine | undefined {
  return engines.find(({ model }) => model.hash === hash && model.executionClass === executionClass)
}

/** Hashes of the models, each once. */
export function modelHashesOf(engines: readonly Engine[]): string[] {
  return [...new Set(engines.map(({ model }) => model.hash))]
}
