import { hash } from 'node:crypto'

const LEAF = 0
const NODE = 1

function sha256(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, { length }) => sum + length, 1))
  bytes[0] = kind
  let at = 1
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return hash('sha256', bytes, 'buffer')
}

/** Leaves and nodes are told apart, so that no node passes for a leaf (RFC 6962, section 2.1). */
export const leafHash = (entry: Uint8Array): Buffer => sha256(LEAF, entry)
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right)

/**
 * The root of the Merkle tree of RFC 6962, section 2.1, over SHA-256. Joining neighbours level by level, the last one going up as it is
 * where it has none, makes the tree of that section.
 * @param leaves at least one, hashed by `leafHash`
 */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  let level = leaves
  while (level.length > 1) level = parents(level)
  return level[0]!
}

/** The hashes beside the way from a leaf to the root, those next to the leaf first (RFC 6962, section 2.1.1). */
export function pathTo(leaves: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = []
  let [level, at] = [leaves, index]
  while (level.length > 1) {
    const sibling = level[at ^ 1]
    if (sibling) path.push(sibling)
    level = parents(level)
    at >>= 1
  }
  return path
}

/**
 * The root that a leaf and its path lead to.
 * @returns undefined when there is no such leaf, or its path has another length
 */
export function rootByPath(
  leaf: Buffer,
  { index, size, path }: { index: number; size: number; path: readonly Buffer[] },
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined
  const rest = [...path]
  let [reached, at, width] = [leaf, index, size]
  while (width > 1) {
    if ((at ^ 1) < width) {
      const sibling = rest.shift()
      if (!sibling) return undefined
      reached = at % 2 === 1 ? nodeHash(sibling, reached) : nodeHash(reached, sibling)
    }
    at >>= 1
    width = (width + 1) >> 1
  }
  return rest.length === 0 ? reached : undefined
}

function parents(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = []
  for (let at = 0; at < level.length; at += 2) {
    const right = level[at + 1]
    above.push(right ? nodeHash(level[at]!, right) : level[at]!)
  }
  return above
}
