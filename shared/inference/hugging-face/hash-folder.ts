import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'

/** Files besides the graph and its weights that decide what a model reads and when it stops. */
const MEANING = [
  'config.json',
  'genai_config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
]

/**
 * The name of a folder's model among peers: 0x and SHA-256 over one line `<sha256>  <name>` for each file that decides what the
 * model does, sorted by name. The listing is what `sha256sum` prints. Nothing is kept between starts: weights of a
 * gigabyte take some seconds each time.
 *
 * @param files names of the graph and its external data, relative to the folder
 */
export async function hashFolder(folder: string, files: readonly string[]): Promise<string> {
  const present = [...files, ...MEANING.filter((name) => existsSync(join(folder, name)))]
  const names = [...new Set(present)].sort((a, b) => (a < b ? -1 : 1))
  const listing = createHash('sha256')
  for (const name of names) listing.update(`${await hashFile(join(folder, name))}  ${name}\n`)
  return `0x${listing.digest('hex')}`
}

async function hashFile(path: string): Promise<string> {
  const hash: Hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
    hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
