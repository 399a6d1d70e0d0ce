import type { SignedRoot } from './root.ts'
import { dayNumber, type Leaf, leafBytes, leafOf, leavesIn, type StoredEvent } from './stored-event.ts'
import { leafHash, rootOf } from './tree.ts'

/** A root that is as it was signed, and the number after which its events begin. */
export interface SoundRoot {
  readonly root: SignedRoot
  readonly after: number
}

export interface Findings {
  /** One line for each thing that is not as it was sealed; none when all is well. */
  faults: string[]
  /** Events that are as they were sealed. */
  events: number
  /** Events that are gone because their time was over. */
  expired: number
}

/**
 * Compares the events that are stored with those that were sealed.
 * @param there.leaves what the tree was made of; undefined when that is gone
 * @param there.events in the order of their numbers, all that lie in the root's range
 */
export function compareEvents(
  { root }: SoundRoot,
  there: { readonly leaves: Uint8Array | undefined; readonly events: readonly StoredEvent[]; readonly today: Date },
  findings: Findings,
): void {
  const { faults } = findings
  const today = dayNumber(there.today.toISOString().slice(0, 10))
  if (!there.leaves && dayNumber(root.expires) < today) {
    // All of its events have expired, and were let go with the leaves.
    findings.expired += root.events
    for (const { seq } of there.events) faults.push(`event ${seq}: inserted`)
    return
  }
  const leaves = there.leaves && leavesIn(there.leaves)
  if (!leaves || !isTreeOf(root, leaves)) {
    faults.push(
      `root ${root.number}: its leaves are ${there.leaves ? 'altered' : 'missing'}, its events cannot be compared`,
    )
    return
  }
  const stored = Map.groupBy(there.events, ({ seq }) => seq)
  for (const leaf of leaves) {
    const [event, ...others] = stored.get(leaf.seq) ?? []
    stored.delete(leaf.seq)
    if (others.length > 0) faults.push(`event ${leaf.seq}: inserted, there are ${others.length + 1} of this number`)
    else if (event && isEventOf(leaf, event)) findings.events++
    else if (event) faults.push(`event ${leaf.seq}: altered`)
    else if (leaf.expiryDay < today) findings.expired++
    else faults.push(`event ${leaf.seq}: missing`)
  }
  for (const seq of stored.keys()) faults.push(`event ${seq}: inserted`)
}

function isTreeOf({ tree, events }: SignedRoot, leaves: readonly Leaf[]): boolean {
  if (leaves.length !== events || events === 0) return false
  return rootOf(leaves.map((leaf) => leafHash(leafBytes(leaf)))).toString('base64url') === tree
}

function isEventOf(leaf: Leaf, event: StoredEvent): boolean {
  const found = leafOf(event)
  return found !== undefined && leafBytes(found).equals(leafBytes(leaf))
}
