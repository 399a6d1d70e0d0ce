import type { Db } from '#src/store/store.ts'
import { compareEvents, type Findings, type SoundRoot } from './comparison.ts'
import type { SealingKeys } from './keys.ts'
import { hashOf, isSigned, NO_ROOT, type SignedRoot } from './root.ts'
import { lastRoots, leavesOf, orphanedLeaves, rootsAfter, storedEvents, unsealed } from './store.ts'

const ROOTS_AT_ONCE = 256
const EVENTS_AT_ONCE = 8_192
/** Below every number, those included that the database never gives. */
const NUMBERLESS = Number.MIN_SAFE_INTEGER

/** A root that somebody has seen and kept. */
export interface KnownRoot {
  readonly number: number
  readonly hash: string
}

export interface Verification extends Readonly<Findings> {
  readonly roots: number
  /** Events that no root covers yet. */
  readonly unsealed: { readonly events: number; readonly since: Date | undefined }
  readonly last: KnownRoot | undefined
}

export interface VerificationOptions {
  /** Without one, nobody notices a journal that was cut off at its end or made up from the start. */
  readonly known?: KnownRoot | undefined
  /** What expired before this day may be gone. */
  readonly today: Date
  readonly progress?: ((root: number, ofRoots: number) => void) | undefined
}

/** Verifies every root that is there now and every event against each other, in statements of thousands of events. */
export async function verifyJournal(
  { db, keys }: { readonly db: Db; readonly keys: Pick<SealingKeys, 'list'> },
  { known, today, progress }: VerificationOptions,
): Promise<Verification> {
  const [head] = await lastRoots(db)
  const ours = new Set((await keys.list()).filter(({ isOurs }) => isOurs).map(({ key }) => key))
  const findings: Findings = { faults: [], events: 0, expired: 0 }
  let last: SignedRoot | undefined
  let isLastSound = true
  while (head && last?.number !== head.number) {
    const page = atOnce(await rootsAfter(db, last?.number ?? 0, { upTo: head.number, limit: ROOTS_AT_ONCE }))
    if (page.length === 0) break
    const sound: SoundRoot[] = []
    for (const root of page) {
      const expected = (last?.number ?? 0) + 1
      if (root.number !== expected)
        findings.faults.push(
          `root ${expected}: missing${root.number > expected + 1 ? `, up to ${root.number - 1}` : ''}`,
        )
      const before = isLastSound && root.number === expected ? { root: last } : undefined
      const fault = faultOf(root, before, ours, known)
      if (fault === undefined) sound.push({ root, after: before ? (last?.last ?? NUMBERLESS) : root.first - 1 })
      else findings.faults.push(`root ${root.number}: ${fault}`)
      last = root
      isLastSound = fault === undefined
    }
    await compareAll(db, sound, today, findings)
    progress?.(last!.number, head.number)
  }
  if (known && known.number > (last?.number ?? 0)) findings.faults.push(`root ${known.number}: missing`)
  for (const number of await orphanedLeaves(db, last?.number ?? 0))
    findings.faults.push(`root ${number}: missing, its leaves are there`)
  return {
    ...findings,
    roots: last?.number ?? 0,
    unsealed: await unsealed(db),
    last: last && { number: last.number, hash: hashOf(last) },
  }
}

/** As many of these roots as have not too many events to be held at a time, one at least. */
function atOnce(roots: readonly SignedRoot[]): readonly SignedRoot[] {
  let events = 0
  const end = roots.findIndex((root) => {
    events += root.events
    return events > EVENTS_AT_ONCE
  })
  return end === -1 ? roots : roots.slice(0, Math.max(end, 1))
}

/** @param before what the root follows, nothing being before the first one; undefined where that cannot be told */
function faultOf(
  root: SignedRoot,
  before: { readonly root: SignedRoot | undefined } | undefined,
  ours: ReadonlySet<string>,
  known: KnownRoot | undefined,
): string | undefined {
  if (!ours.has(root.key)) return 'signed by a key that is none of this installation'
  if (!isSigned(root)) return 'altered, its signature does not fit'
  if (before && root.previous !== (before.root ? hashOf(before.root) : NO_ROOT)) return 'does not follow the one before'
  if (known?.number === root.number && known.hash !== hashOf(root)) return 'is another one than was kept'
  return undefined
}

async function compareAll(db: Db, sound: readonly SoundRoot[], today: Date, findings: Findings): Promise<void> {
  const [first, last] = [sound[0], sound.at(-1)]
  if (!first || !last) return
  const events = await storedEvents(db, first.after, last.root.last)
  const numbers = sound.map(({ root }) => root.number)
  const leaves = await leavesOf(db, numbers)
  let at = 0
  for (const one of sound) {
    while (at < events.length && events[at]!.seq <= one.after) at++
    const begin = at
    while (at < events.length && events[at]!.seq <= one.root.last) at++
    compareEvents(one, { leaves: leaves.get(one.root.number), events: events.slice(begin, at), today }, findings)
  }
}
