import type { Logger } from 'pino'
import type { Clock } from '#src/kernel/clock.ts'
import { makeRounds } from '#src/store/rounds.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { SealingKeys } from './keys.ts'
import { hashOf, NO_ROOT, type Root, statementOf } from './root.ts'
import { ended, lookAt, PATIENCE_MS, type Waiting } from './settled.ts'
import { freshLeaves, insertRoot, lastRoots, tryLock } from './store.ts'
import { type Leaf, leafBytes, leavesIn } from './stored-event.ts'
import { leafHash, rootOf } from './tree.ts'

/** Events in one tree: hashing them stops a process's requests for a hundredth of a second. */
const BATCH = 2_048
const POLL_SECONDS = 60
/** Of all processes together one seals in a minute, unless a whole batch waits. */
const LEAST_MS = 55_000

/** Seals what the journal has recorded: a signed root for each batch, which names the one before it. */
export interface Sealer {
  /**
   * Seals every event that is there now. Whoever records events does not wait for it; it waits for them, holding nothing.
   * @returns how many it has sealed; none while another process does it
   */
  seal(): Promise<number>
  start(): Promise<void>
  stop(): Promise<void>
}

export function makeSealer(deps: {
  store: Pick<Store, 'db' | 'tx'>
  keys: Pick<SealingKeys, 'signing'>
  clock: Clock
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  batch?: number
  patienceMs?: number
}): Sealer {
  const { store, keys, clock, log, batch = BATCH, patienceMs = PATIENCE_MS } = deps
  /** The last root that this process has seen: it can only be followed, never be gone. */
  let seen: { readonly number: number; readonly hash: string } | undefined

  /** Seals a batch of what is settled. */
  async function sealBatch(last: number): Promise<number> {
    const made = await store.tx(async (tx) => {
      if (!(await tryLock(tx))) return undefined
      const before = await lastRoot(tx)
      const bytes = await freshLeaves(tx, { after: before?.last ?? 0, last, limit: batch })
      const leaves = leavesIn(bytes) ?? []
      if (leaves.length === 0) return undefined
      const { key, sign } = await keys.signing(tx)
      const root = rootFor(leaves, before, key, clock.now())
      await insertRoot(tx, { ...root, signature: sign(statementOf(root)) }, bytes)
      return root
    })
    if (!made) return 0
    seen = { number: made.number, hash: hashOf(made) }
    // Whoever keeps the log elsewhere has a witness there.
    log.info({ root: made.number, events: made.events, last: made.last, hash: seen.hash }, 'journal sealed')
    return made.events
  }

  async function lastRoot(tx: Tx): Promise<Root | undefined> {
    const [last, ...others] = await lastRoots(tx, seen?.number)
    const known = [last, ...others].find((root) => root?.number === seen?.number)
    if (seen && (!known || hashOf(known) !== seen.hash))
      log.error(seen, 'a root of the journal is gone or was changed; unless a backup was restored, somebody did that')
    seen = last && { number: last.number, hash: hashOf(last) }
    return last
  }

  async function sealSettled({ newest, writers }: Waiting): Promise<number> {
    if (!(await ended(store.db, writers, patienceMs))) {
      log.warn({ writers }, 'journal not sealed: a transaction that writes to it stays open')
      return 0
    }
    let sealed = 0
    for (;;) {
      const events = await sealBatch(newest)
      sealed += events
      if (events < batch) return sealed
    }
  }

  const rounds = makeRounds(
    async () => {
      try {
        const waiting = await lookAt(store.db)
        if (isDue(waiting, clock.now())) await sealSettled(waiting)
      } catch (err) {
        log.error({ err }, 'sealing of the journal failed')
      }
    },
    { pollSeconds: POLL_SECONDS },
  )
  return {
    seal: async () => sealSettled(await lookAt(store.db)),
    start: async () => rounds.start(),
    stop: rounds.stop,
  }
}

/** Whether a round seals what there is, or leaves it to a later one. */
export function isDue({ sealed, newest, rootAt }: Omit<Waiting, 'writers'>, now: Date): boolean {
  if (newest <= sealed) return false
  const age = rootAt ? now.getTime() - rootAt.getTime() : LEAST_MS
  // A root of the future comes from a clock that was wrong.
  return newest - sealed >= BATCH || age >= LEAST_MS || age < 0
}

function rootFor(leaves: readonly Leaf[], before: Root | undefined, key: string, at: Date): Root {
  const lastDay = leaves.reduce((day, { expiryDay }) => Math.max(day, expiryDay), Number.NEGATIVE_INFINITY)
  return {
    number: (before?.number ?? 0) + 1,
    previous: before ? hashOf(before) : NO_ROOT,
    at,
    events: leaves.length,
    first: leaves[0]!.seq,
    last: leaves.at(-1)!.seq,
    expires: new Date(lastDay * 86_400_000).toISOString().slice(0, 10),
    tree: rootOf(leaves.map((leaf) => leafHash(leafBytes(leaf)))).toString('base64url'),
    key,
  }
}
