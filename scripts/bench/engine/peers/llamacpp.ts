import { join } from 'node:path'
import { writeFiles } from '../../../../shared/inference/export/files.ts'
import { ggufFiles } from '../../../../shared/inference/export/gguf.ts'
import type { GgufDtype } from '../../../../shared/inference/export/gguf-tensors.ts'
import { StarlingError } from '../../../../shared/process/errors.ts'
import { installPeer } from './install.ts'
import type { OpenDriver } from './open-peer.ts'

const VERSION = '3.22.1'

/** Packages of binaries that run on the CPU alone, by platform and processor. */
const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'mac-x64',
  'darwin-arm64': 'mac-arm64-metal',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
}

/** llama.cpp through node-llama-cpp on our weights as GGUF; 16 requests are 16 sequences of one context, decoded together. */
export function openLlamaCpp(dtype: GgufDtype): OpenDriver {
  return async (model, scratch, start) => {
    const install = await installPeer({
      name: 'node-llama-cpp',
      version: VERSION,
      // All binaries together, CUDA's among them, would be 725 MB.
      onlyOptional: [`@node-llama-cpp/${binaries()}@${VERSION}`],
    })
    const files = ggufFiles(model, dtype)
    await writeFiles(scratch, files)
    const ways = ['plain', 'flash', 'plain.one', 'flash.one']
    return start('llamacpp-driver.mjs', {
      params: {
        install,
        model: join(scratch, files[0]!.path),
        contextSize: model.manifest.architecture.contextLength,
      },
      ways: { modes: { b1: ways, c16: ways }, greedy: 'float' },
    })
  }
}

function binaries(): string {
  const platform = `${process.platform}-${process.arch}`
  const name = BINARIES[platform]
  if (name !== undefined) return name
  throw new StarlingError(
    'PEER_UNAVAILABLE',
    `node-llama-cpp has no binary for ${platform}`,
    'measure elsewhere',
  )
}
