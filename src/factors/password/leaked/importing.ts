import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  BUCKETS,
  decodeHeader,
  ENTRIES_AT,
  ENTRY_BYTES,
  encodeHeader,
  HEADER_BYTES,
  INDEX_BYTES,
  indexBytes,
  LIST_FILE,
  type ListHeader,
  MOST_ENTRIES,
  readFully,
} from './format.ts'
import { openSource } from './sources.ts'

export interface Imported {
  readonly entries: number
  /** Range files that the source lacks. */
  readonly missing: number
  /** Whether it began where an interrupted import had come to. */
  readonly resumed: boolean
}

/** @param done 0 to 1 */
export type OnProgress = (done: number, entries: number) => void

/** How far an import has come; everything before it is on the disk. */
const Checkpoint = z.object({ identity: z.string(), next: z.number(), entries: z.number(), bucket: z.number() })
type Checkpoint = z.infer<typeof Checkpoint>

export interface ImportSteps {
  /** So many hashes are done again at most after an interruption. */
  readonly checkpointEntries: number
  /** So much of a single file is read at once. */
  readonly chunkBytes: number
}

/** About a percent of the public list. */
const STEPS: ImportSteps = { checkpointEntries: 8_000_000, chunkBytes: 4 * 1024 * 1024 }
const WRITE_BYTES = 1024 * 1024

/**
 * Makes the list of leaked passwords out of range files or one sorted file. It takes the place of the former one when it is whole; until then
 * it grows beside it, and the same import begun again goes on where it stopped.
 * @throws Error when the source is not what it should be, or out of order
 */
export async function importLeaked(
  source: string,
  folder: string,
  onProgress: OnProgress,
  steps: ImportSteps = STEPS,
): Promise<Imported> {
  const { identity, pieces, missing } = await openSource(source, steps)
  await mkdir(folder, { recursive: true })
  const part = join(folder, `${LIST_FILE}.part`)
  const notes = `${part}.json`
  const begun = await readCheckpoint(notes, identity)
  const file = await open(part, begun ? 'r+' : 'w+')
  try {
    const list = begun ? await continueList(file, begun) : makeList(file)
    let noted = list.entries()
    for await (const piece of pieces(begun?.next ?? 0)) {
      piece.read(list.take)
      await list.write()
      onProgress(piece.done, list.entries())
      if (list.entries() - noted < steps.checkpointEntries) continue
      noted = list.entries()
      await list.save()
      const checkpoint: Checkpoint = { identity, next: piece.next, entries: noted, bucket: list.bucket() }
      await writeFile(`${notes}.new`, JSON.stringify(checkpoint))
      await rename(`${notes}.new`, notes)
    }
    await list.close()
    const entries = list.entries()
    await file.truncate(ENTRIES_AT + entries * ENTRY_BYTES)
    const checksum = await checksumOf(file)
    await file.write(encodeHeader({ entries, checksum }), 0, HEADER_BYTES, 0)
    await file.sync()
    await rename(part, join(folder, LIST_FILE))
    await rm(notes, { force: true })
    return { entries, missing, resumed: begun !== undefined }
  } finally {
    await file.close()
  }
}

/** Reads a whole list and compares its checksum. @throws Error when there is none, or it is not as it was written */
export async function checkLeaked(folder: string): Promise<ListHeader> {
  const file = await open(join(folder, LIST_FILE))
  try {
    const bytes = Buffer.alloc(HEADER_BYTES)
    await readFully(file, bytes, 0)
    const header = decodeHeader(bytes, (await file.stat()).size)
    if ((await checksumOf(file)) !== header.checksum) throw new Error('is damaged: import it anew')
    return header
  } finally {
    await file.close()
  }
}

async function readCheckpoint(notes: string, identity: string): Promise<Checkpoint | undefined> {
  const text = await readFile(notes, 'utf8').catch(() => undefined)
  const checkpoint = text === undefined ? undefined : Checkpoint.parse(JSON.parse(text))
  return checkpoint?.identity === identity ? checkpoint : undefined
}

async function checksumOf(file: FileHandle): Promise<string> {
  const sum = createHash('sha256')
  for await (const bytes of file.createReadStream({ start: HEADER_BYTES, autoClose: false })) sum.update(bytes)
  return sum.digest('hex')
}

/** A list that grows at its end. */
function makeList(file: FileHandle, start = { index: new Uint32Array(BUCKETS + 1), entries: 0, bucket: 0, tail: -1 }) {
  const { index } = start
  let { entries, bucket, tail } = start
  let written = entries
  let waiting: Buffer = Buffer.alloc(WRITE_BYTES)
  let waitingBytes = 0

  const enter = (next: number) => {
    while (bucket < next) index[++bucket] = entries
    tail = -1
  }

  const list = {
    take(inBucket: number, nextTail: number): void {
      if (inBucket < bucket || (inBucket === bucket && nextTail < tail)) throw new Error('the hashes are not in order')
      if (inBucket > bucket) enter(inBucket)
      // Of two hashes that begin alike one entry stands for both.
      if (nextTail === tail) return
      if (entries === MOST_ENTRIES) throw new Error(`there are more than ${MOST_ENTRIES} hashes`)
      if (waitingBytes + ENTRY_BYTES > waiting.length) waiting = Buffer.concat([waiting, Buffer.alloc(waiting.length)])
      waitingBytes = waiting.writeUIntBE(nextTail, waitingBytes, ENTRY_BYTES)
      tail = nextTail
      entries++
    },
    entries: () => entries,
    bucket: () => bucket,
    async write(): Promise<void> {
      await file.write(waiting, 0, waitingBytes, ENTRIES_AT + written * ENTRY_BYTES)
      written = entries
      waitingBytes = 0
    },
    /** Everything taken so far is on the disk. */
    async save(): Promise<void> {
      await list.write()
      await file.write(indexBytes(index), 0, INDEX_BYTES, HEADER_BYTES)
      await file.datasync()
    },
    async close(): Promise<void> {
      enter(BUCKETS)
      await list.save()
    },
  }
  return list
}

async function continueList(file: FileHandle, { entries, bucket }: Checkpoint) {
  const index = new Uint32Array(BUCKETS + 1)
  await readFully(file, indexBytes(index), HEADER_BYTES)
  const last = Buffer.alloc(ENTRY_BYTES)
  const began = index[bucket]!
  if (entries > began) await readFully(file, last, ENTRIES_AT + (entries - 1) * ENTRY_BYTES)
  return makeList(file, { index, entries, bucket, tail: entries > began ? last.readUIntBE(0, ENTRY_BYTES) : -1 })
}
