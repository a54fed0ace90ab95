import type { Disk } from '../../validator/store/disk.ts'

interface File {
  bytes: Buffer
  synced: Buffer
}
type Names = ReadonlyMap<string, File>

export interface MemoryDisk extends Disk {
  /** Bytes that still fit, over all files; at first without limit. */
  room: number
  /** Calls of each kind that fail with EIO, once each. */
  readonly failing: Set<'fsyncSync' | 'renameSync' | 'ftruncateSync'>
  /**
   * What a power cut here leaves: of each file what was synced and, by `luck` (0 to 1), a part of what was written since; of the
   * names those that were synced and, by luck, some of the changes since, in their order.
   */
  afterCut(luck: number): MemoryDisk
}

/**
 * A disk of which a power cut leaves what was synced.
 * @param look called after every change, and after every `every` bytes of a write
 */
export function memoryDisk(
  look: (disk: MemoryDisk) => void = () => {},
  every = 1,
  before: Names = new Map(),
): MemoryDisk {
  let names = before
  /** As of the last sync of the folder, and after each change since. */
  let history: Names[] = [names]
  const open = new Map<number, File | 'folder'>()
  let handles = 0

  const renamed = (next: Names) => {
    names = next
    history.push(next)
    look(disk)
  }
  const fileOf = (handle: number): File => {
    const file = open.get(handle)
    if (file === undefined || file === 'folder') throw new Error('EBADF')
    return file
  }
  const mayFail = (call: 'fsyncSync' | 'renameSync' | 'ftruncateSync') => {
    if (disk.failing.delete(call)) throw Object.assign(new Error(`EIO: i/o error, ${call}`), { code: 'EIO' })
  }

  const disk: MemoryDisk = {
    room: Number.POSITIVE_INFINITY,
    failing: new Set(),
    afterCut(luck) {
      const left = history[Math.round(luck * (history.length - 1))]!
      return memoryDisk(undefined, 1, new Map([...left].map(([path, file]) => [path, survivor(file, luck)])))
    },
    mkdirSync: () => look(disk),
    existsSync: (path) => names.has(path),
    readFileSync: (path) => names.get(path)!.bytes.toString('utf8'),
    readdirSync: (folder) =>
      [...names.keys()].flatMap((path) =>
        path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : [],
      ),
    openSync(path, flags) {
      const handle = ++handles
      const there = names.get(path)
      if (flags === 'w') {
        const file = there ?? { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) }
        disk.room += file.bytes.length
        file.bytes = Buffer.alloc(0)
        open.set(handle, file)
        if (there === undefined) renamed(new Map(names).set(path, file))
      } else open.set(handle, there ?? 'folder')
      return handle
    },
    writeSync(handle, bytes, offset, length, position) {
      const file = fileOf(handle)
      const before = file.bytes
      const fits = Math.min(length, Math.max(0, disk.room + before.length - position))
      if (fits === 0 && length > 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      const writeUpTo = (done: number) => {
        file.bytes = Buffer.alloc(Math.max(before.length, position + done))
        file.bytes.set(before)
        file.bytes.set(bytes.subarray(offset, offset + done), position)
        look(disk)
      }
      for (let done = every; done < fits; done += every) writeUpTo(done)
      writeUpTo(fits)
      disk.room -= file.bytes.length - before.length
      return fits
    },
    fsyncSync(handle) {
      mayFail('fsyncSync')
      const file = open.get(handle)!
      if (file === 'folder') history = [names]
      else file.synced = file.bytes
      look(disk)
    },
    ftruncateSync(handle, length) {
      mayFail('ftruncateSync')
      const file = fileOf(handle)
      disk.room += Math.max(0, file.bytes.length - length)
      file.bytes = file.bytes.subarray(0, length)
      look(disk)
    },
    closeSync: (handle) => void open.delete(handle),
    renameSync(from, to) {
      mayFail('renameSync')
      const next = new Map(names).set(to, names.get(from)!)
      next.delete(from)
      disk.room += names.get(to)?.bytes.length ?? 0
      renamed(next)
    },
    rmSync(path) {
      const next = new Map(names)
      next.delete(path)
      disk.room += names.get(path)?.bytes.length ?? 0
      renamed(next)
    },
  }
  return disk
}

function survivor({ bytes, synced }: File, luck: number): File {
  let same = 0
  while (same < Math.min(bytes.length, synced.length) && bytes[same] === synced[same]) same++
  const end = same + Math.round(luck * (bytes.length - same))
  const kept = end > same ? bytes.subarray(0, end) : synced
  return { bytes: kept, synced: kept }
}
