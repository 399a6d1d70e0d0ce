import { z } from 'zod'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Db } from '#src/store/store.ts'
import { isSigned, type SignedRoot } from './root.ts'
import { eventsOfAccount, leavesOf, rootsOf, storedEvents } from './store.ts'
import { type Leaf, leafBytes, leafOf, leavesIn, type StoredEvent } from './stored-event.ts'
import { leafHash, pathTo, rootByPath } from './tree.ts'

const FORMAT = 'propusk journal proof 1'
/** Of one account at most. */
export const MOST_PROOFS = 1_000
/** Leaves of so many roots are held at a time. */
const ROOTS_AT_ONCE = 16

const hash = z.string().regex(/^[\w-]{43}$/)
const day = z.iso.date()
const count = z.int().min(1)

/** Everything that it takes to check one event without the database. */
const Proof = z.strictObject({
  format: z.literal(FORMAT),
  event: z.strictObject({
    seq: count,
    account: z.int().min(0),
    at: z.string(),
    type: z.string(),
    expires: day,
    payload: z.base64url(),
  }),
  /** Place of the event in the tree, from 0 on. */
  index: z.int().min(0),
  path: z.array(hash).max(64),
  root: z.strictObject({
    number: count,
    previous: z.union([z.literal('none'), hash]),
    at: z.iso.datetime({ precision: 3 }),
    events: count,
    first: count,
    last: count,
    expires: day,
    tree: hash,
    key: hash,
    signature: z.string().regex(/^[\w-]{86}$/),
  }),
})

export type Proof = z.infer<typeof Proof>

/** One proof, or several in an array. @throws Error when it is none */
export function parseProofs(json: string): Proof[] {
  try {
    const parsed: unknown = JSON.parse(json)
    return z
      .array(Proof)
      .min(1)
      .parse(Array.isArray(parsed) ? parsed : [parsed])
  } catch {
    throw new Error('this is not a proof of an event')
  }
}

/**
 * What is wrong with a proof, if anything.
 * @param key public key, from somewhere else than the proof
 */
export function faultOfProof({ event, index, path, root }: Proof, key: string): string | undefined {
  const signed: SignedRoot = { ...root, at: new Date(root.at) }
  if (root.key !== key) return `is signed by the key ${root.key}`
  if (!isSigned(signed)) return 'has a root whose signature does not fit'
  const leaf = leafOf({ ...event, payload: Buffer.from(event.payload, 'base64url') })
  if (!leaf || event.seq < root.first || event.seq > root.last) return 'is not what was sealed'
  const way = { index, size: root.events, path: path.map((one) => Buffer.from(one, 'base64url')) }
  const reached = rootByPath(leafHash(leafBytes(leaf)), way)
  return reached?.toString('base64url') === root.tree ? undefined : 'is not what was sealed'
}

/** @throws Error when there is no such event, no root covers it yet, or it is not as it was sealed */
export async function proveEvent(db: Db, seq: number): Promise<Proof> {
  const events = await storedEvents(db, seq - 1, seq)
  if (events.length === 0) throw new Error(`there is no event ${seq}, or it has expired`)
  const [proof] = await proofsOf(db, events)
  if (!proof) throw new Error(`event ${seq} is not sealed yet: that takes a minute or two`)
  return proof
}

/** Proofs of an account's sealed events, the newest first, MOST_PROOFS at most. */
export async function proveAccount(db: Db, account: AccountId): Promise<Proof[]> {
  return proofsOf(db, await eventsOfAccount(db, account, MOST_PROOFS))
}

/** @throws Error when one is not as it was sealed; those that are not sealed yet are left out */
async function proofsOf(db: Db, events: readonly StoredEvent[]): Promise<Proof[]> {
  if (events.length === 0) return []
  const numbers = events.map(({ seq }) => seq)
  const roots = await rootsOf(db, numbers)
  const proofs: Proof[] = []
  for (let at = 0; at < roots.length; at += ROOTS_AT_ONCE) {
    const some = roots.slice(at, at + ROOTS_AT_ONCE)
    const leaves = await leavesOf(
      db,
      some.map(({ number }) => number),
    )
    for (const root of some) {
      const covered = events.filter(({ seq }) => seq >= root.first && seq <= root.last)
      const tree = leavesIn(leaves.get(root.number) ?? new Uint8Array()) ?? []
      proofs.push(...covered.map((event) => proofOf(event, root, tree)))
    }
  }
  return proofs.sort((a, b) => b.event.seq - a.event.seq)
}

function proofOf(event: StoredEvent, root: SignedRoot, leaves: readonly Leaf[]): Proof {
  const index = leaves.findIndex(({ seq }) => seq === event.seq)
  const hashes = leaves.map((leaf) => leafHash(leafBytes(leaf)))
  const proof: Proof = {
    format: FORMAT,
    event: { ...event, payload: Buffer.from(event.payload).toString('base64url') },
    index,
    path: index === -1 ? [] : pathTo(hashes, index).map((one) => one.toString('base64url')),
    root: { ...root, at: root.at.toISOString() },
  }
  const fault = faultOfProof(proof, root.key)
  if (fault) throw new Error(`event ${event.seq} ${fault}; "journal verify" tells more`)
  return proof
}
