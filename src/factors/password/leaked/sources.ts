import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { BUCKETS } from './format.ts'
import { readRange, type TakeHash } from './ranges.ts'

/** What is imported, in pieces that come one after the other and in the order of the hashes. */
export interface Source {
  /** What tells this source from another one, for taking an interrupted import up again. */
  readonly identity: string
  /** The pieces from a place on; a piece is whole before the next one begins. @param from as `next` of the piece before, or 0 */
  pieces(from: number): AsyncIterable<Piece>
  /** Range files that are not there. */
  readonly missing: number
}

export interface Piece {
  /** Where the next piece begins. */
  readonly next: number
  /** How much of the source is behind it, 0 to 1. */
  readonly done: number
  read(take: TakeHash): void
}

/**
 * @param chunkBytes how much of a file is read at once
 * @throws Error when there is nothing of the kind
 */
export async function openSource(path: string, { chunkBytes }: { readonly chunkBytes: number }): Promise<Source> {
  const found = await stat(path)
  const identity = `${resolve(path)} ${found.mtimeMs} ${found.size}`
  return found.isDirectory() ? folderSource(path, identity) : fileSource(path, identity, found.size, chunkBytes)
}

/** Each 16 bits have sixteen files, named by the first five hexadecimal digits, with `.txt` or without. */
const FILES_PER_BUCKET = 16
const RANGE_FILE = /^[0-9A-F]{5}(\.txt)?$/

async function folderSource(folder: string, identity: string): Promise<Source> {
  const names = new Set((await readdir(folder)).filter((name) => RANGE_FILE.test(name)))
  if (names.size === 0) throw new Error(`${folder} has no range files (00000 to FFFFF, or 00000.txt to FFFFF.txt)`)

  function namesOf(bucket: number) {
    const prefixes = Array.from({ length: FILES_PER_BUCKET }, (_, low) =>
      (bucket * FILES_PER_BUCKET + low).toString(16).toUpperCase().padStart(5, '0'),
    )
    return prefixes.flatMap((prefix) => {
      const name = [prefix, `${prefix}.txt`].find((file) => names.has(file))
      return name === undefined ? [] : [{ prefix, name: join(folder, name) }]
    })
  }

  return {
    identity,
    missing: BUCKETS * FILES_PER_BUCKET - names.size,
    async *pieces(from) {
      for (let bucket = from; bucket < BUCKETS; bucket++) {
        const found = namesOf(bucket)
        if (found.length === 0) continue
        const ranges = await Promise.all(found.map(async (range) => ({ ...range, bytes: await readFile(range.name) })))
        yield {
          next: bucket + 1,
          done: (bucket + 1) / BUCKETS,
          read(take) {
            for (const { name, prefix, bytes } of ranges) readNamed(name, bytes, prefix, take)
          },
        }
      }
    },
  }
}

/** One file of whole hashes in their order; a piece is as many lines as fit into a chunk. */
function fileSource(path: string, identity: string, size: number, chunkBytes: number): Source {
  return {
    identity,
    missing: 0,
    async *pieces(from) {
      const file = await open(path)
      try {
        for (let at = from; at < size; ) {
          const bytes = await chunkAt(file, at, Math.min(chunkBytes, size - at))
          const last = at + bytes.length >= size
          const used = last ? bytes.length : bytes.lastIndexOf('\n') + 1
          if (used === 0) throw new Error(`${path} has a line of more than ${chunkBytes} bytes`)
          at += used
          yield {
            next: at,
            done: at / size,
            read: (take) => readNamed(path, bytes.subarray(0, used), '', take),
          }
        }
      } finally {
        await file.close()
      }
    },
  }
}

async function chunkAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
  return bytes.subarray(0, bytesRead)
}

function readNamed(name: string, bytes: Buffer, prefix: string, take: TakeHash): void {
  try {
    readRange(bytes, prefix, take)
  } catch (fault) {
    throw new Error(`${name}: ${(fault as Error).message}`, { cause: fault })
  }
}
