import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { ggufFiles } from '../../../../shared/inference/export/gguf.ts'
import { loadModel } from '../../../../shared/inference/model/folder.ts'
import { runCli } from '../../../../shared/process/cli.ts'
import { startLlamaCpp } from './llama-cpp.ts'
import { type Exchange, recordingFetch } from './recording.ts'
import { playScenario } from './scenario.ts'

const command = new Command('capture')
  .description('Records a real llama.cpp server as test/vectors/inference/openai replays it.')
  .option('--model <folder>', 'model that it serves, of the byte vocabulary', 'models/nano')
  .option('--out <file>', 'where to write', 'test/vectors/inference/openai/llama-cpp.json')
  .action(async ({ model, out }: { model: string; out: string }) => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-capture-'))
    try {
      const [file] = ggufFiles(await loadModel(model), 'fp32')
      const gguf = join(folder, 'recorded.gguf')
      await writeFile(gguf, file!.bytes)
      const server = await startLlamaCpp({ gguf })
      const exchanges: Exchange[] = []
      const result = await playScenario(server.url, recordingFetch(exchanges)).finally(server.close)
      // The server repeats where its model lies, which is nobody's business.
      for (const exchange of exchanges) exchange.reply = exchange.reply.replaceAll(folder, '/models')
      const about = `llama.cpp's server, serving ${model}; written by scripts/bench/engine/servers/capture.ts`
      await writeFile(out, `${JSON.stringify({ about, exchanges, result }, undefined, 1)}\n`)
      console.log(`${out}: ${exchanges.length} exchanges`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

await runCli(command, process.argv)
