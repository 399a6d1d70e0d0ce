import { closeSync, openSync, readSync, type Stats } from 'node:fs'
import { decodeHeader, ENTRIES_AT, ENTRY_BYTES, HEADER_BYTES, INDEX_BYTES, indexBytes } from './format.ts'

/** Entries that are read at once: hashes lie evenly, so that the one looked for is nearly always among those around its share of the bucket. */
const WINDOW = 512
const window = Buffer.alloc(WINDOW * ENTRY_BYTES)

/** A list that can be looked up; the file stays open. */
export interface OpenList {
  readonly stats: Stats
  readonly file: number
  readonly index: Uint32Array
}

/** @throws Error when it is no list, or is cut off */
export function openList(path: string, stats: Stats): OpenList {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(file, header, 0, header.length, 0)
    decodeHeader(header, stats.size)
    const index = new Uint32Array(INDEX_BYTES / 4)
    readSync(file, indexBytes(index), 0, INDEX_BYTES, HEADER_BYTES)
    return { stats, file, index }
  } catch (fault) {
    closeSync(file)
    throw fault
  }
}

/**
 * Reads synchronously: 3 KB from the memory of the system take less than the way to a thread that may be hashing just then.
 * @param sha a SHA-1 hash, of which eight bytes count
 */
export function listHolds({ file, index }: OpenList, sha: Buffer): boolean {
  const bucket = sha.readUInt16BE(0)
  const wanted = sha.readUIntBE(2, ENTRY_BYTES)
  const start = index[bucket]!
  const count = index[bucket + 1]! - start
  let from = Math.max(0, Math.floor((wanted / 2 ** 48) * count) - WINDOW / 2)
  let step = 0
  while (from >= 0 && from < count) {
    const entries = Math.min(WINDOW, count - from)
    readSync(file, window, 0, entries * ENTRY_BYTES, ENTRIES_AT + (start + from) * ENTRY_BYTES)
    const at = (position: number) => window.readUIntBE(position * ENTRY_BYTES, ENTRY_BYTES)
    const [least, most] = [at(0), at(entries - 1)]
    if (wanted >= least && wanted <= most) return among(entries, at, wanted)
    const next = wanted < least ? -1 : 1
    // Between two windows: it was looked for on both sides.
    if (step !== 0 && step !== next) return false
    step = next
    from = step < 0 ? (from === 0 ? -1 : Math.max(0, from - WINDOW)) : from + entries
  }
  return false
}

function among(entries: number, at: (position: number) => number, wanted: number): boolean {
  let [low, high] = [0, entries - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = at(middle)
    if (found === wanted) return true
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return false
}
