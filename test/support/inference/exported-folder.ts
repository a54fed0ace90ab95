import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dtype } from '../../../shared/inference/export/elements.ts'
import { type ExportedFile, writeFiles } from '../../../shared/inference/export/files.ts'
import { genaiFiles } from '../../../shared/inference/export/genai.ts'
import { huggingFaceFiles } from '../../../shared/inference/export/hugging-face.ts'
import { loadModel } from '../../../shared/inference/model/folder.ts'
import { tinyModelFolder } from '../../unit/inference/tiny-model.ts'

export type Layout = 'optimum' | 'genai'

const makers = { optimum: huggingFaceFiles, genai: genaiFiles }

const made = new Map<string, Promise<readonly ExportedFile[]>>()

/** The tiny test model in a folder as other programs lay it out. */
export async function exportedFolder(layout: Layout, dtype: Dtype = 'fp32', seed = 2): Promise<string> {
  const key = `${layout} ${dtype} ${seed}`
  const files = made.get(key) ?? exported(layout, dtype, seed)
  made.set(key, files)
  const folder = await mkdtemp(join(tmpdir(), 'starling-exported-'))
  await writeFiles(folder, await files)
  return folder
}

async function exported(layout: Layout, dtype: Dtype, seed: number): Promise<readonly ExportedFile[]> {
  return makers[layout](await loadModel(await tinyModelFolder(seed)), dtype)
}

/** Changes a JSON file of a folder. */
export async function editJson(
  folder: string,
  name: string,
  change: (json: Record<string, unknown>) => void,
): Promise<void> {
  const path = join(folder, name)
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  change(json)
  await writeFile(path, JSON.stringify(json))
}

export async function remove(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { recursive: true })
}
