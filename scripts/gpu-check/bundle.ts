import { execFile } from 'node:child_process'
import { chmod, copyFile, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { StarlingError } from '../../shared/process/errors.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Programs of the bundle by name; `childEntry` finds them beside each other. */
const PROGRAMS = {
  'gpu-check': 'scripts/gpu-check.ts',
  'measure-child': 'scripts/gpu-check/measure-child.ts',
  'probe-child': 'shared/inference/device/probe-child.ts',
}

const NATIVE = 'bin/napi-v6/linux/x64'

/** Where distributions keep the Vulkan loader; the driver of the card is the machine's own. */
const VULKAN_LOADERS = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/libvulkan.so.1',
]

/** The machine's own loader comes first: it may know where its drivers are. */
const RUN = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
exec "$here/node" "$here/gpu-check.mjs" "$@"
`

/** Packages in CommonJS that are bundled into a module still ask for \`require\`. */
const BANNER =
  "import { createRequire as createBundledRequire } from 'node:module'; const require = createBundledRequire(import.meta.url);"

/**
 * Writes a folder that needs nothing but Linux on x86-64 and glibc: the programs, this Node, ONNX Runtime for linux-x64,
 * the Vulkan loader and the base model where they are found. Returns its size in bytes.
 */
export async function writeBundle(folder: string, baseFolder: string): Promise<number> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new StarlingError('BUNDLE_PLATFORM', 'a bundle carries this Node', 'make it on Linux, x86-64')
  await mkdir(folder, { recursive: true })
  await bundlePrograms(folder)
  await copyFile(process.execPath, join(folder, 'node'))
  await copyRuntime(join(folder, 'node_modules'))
  const lib = join(folder, 'lib')
  await mkdir(lib, { recursive: true })
  for (const path of loaderPaths()) {
    if (await copyIfThere(path, join(lib, 'libvulkan.so.1'))) break
  }
  await cp(baseFolder, join(folder, 'models', 'base'), { recursive: true }).catch(() => {})
  const run = join(folder, 'run.sh')
  await writeFile(run, RUN)
  await chmod(run, 0o755)
  return sizeOfFolder(folder)
}

async function bundlePrograms(folder: string): Promise<void> {
  const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild')
  await promisify(execFile)(
    esbuild,
    [
      ...Object.entries(PROGRAMS).map(([name, path]) => `${name}=${join(ROOT, path)}`),
      `--outdir=${folder}`,
      '--out-extension:.js=.mjs',
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--target=node20',
      '--external:onnxruntime-node',
      `--banner:js=${BANNER}`,
      '--log-level=warning',
    ],
    { cwd: ROOT },
  )
}

/** JavaScript of the runtime and its native part for one platform; whatever else lies beside that (CUDA) goes with it. */
async function copyRuntime(modules: string): Promise<void> {
  const require = createRequire(import.meta.url)
  const runtime = dirname(require.resolve('onnxruntime-node/package.json'))
  // Its package file is not exported; its entry is dist/cjs/index.js.
  const entry = createRequire(join(runtime, 'package.json')).resolve('onnxruntime-common')
  const common = join(dirname(entry), '../..')
  for (const [source, name, parts] of [
    [runtime, 'onnxruntime-node', ['package.json', 'dist', NATIVE]],
    [common, 'onnxruntime-common', ['package.json', 'dist/cjs']],
  ] as const) {
    for (const part of parts)
      await cp(join(source, part), join(modules, name, part), { recursive: true, dereference: true })
  }
}

function loaderPaths(): string[] {
  const told = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter((path) => path !== '')
  return [...told.map((path) => join(path, 'libvulkan.so.1')), ...VULKAN_LOADERS]
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to)
    return true
  } catch {
    return false
  }
}

async function sizeOfFolder(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(
    names.map(async (name) => {
      const entry = await stat(join(folder, name))
      return entry.isFile() ? entry.size : 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
