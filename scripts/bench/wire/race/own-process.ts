import { fileURLToPath } from 'node:url'
import { typescriptLoader } from '../../../../shared/process/typescript-loader.ts'
import { type LineProcess, startLineProcess } from './line-process.ts'

/** Starts a file of this project in a process of its own. @param task what it is told, as JSON */
export function startOwnProcess(file: URL, task: unknown, nodeFlags: readonly string[] = []): LineProcess {
  const args = [...nodeFlags, ...typescriptLoader(file), fileURLToPath(file), JSON.stringify(task)]
  return startLineProcess(process.execPath, args)
}
