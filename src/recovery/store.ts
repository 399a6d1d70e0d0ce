import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { AppError, kernelErrors } from '#src/kernel/errors.ts'
import { type AccountId, NOBODY, ticketHash } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Progress } from './recovery.ts'

export const RECOVERY_SECONDS = 30 * 60
const TICKET = /^[\w-]{43}$/
const ATTEMPTS = 3

/** A recovery under way. */
export interface Recovery {
  /** Hash of the ticket in the browser's cookie; another one after each proof. */
  readonly id: string
  /** Names the recovery from its beginning to its end: in the journal, and for what is sent and asked in it. */
  readonly ref: string
  /** Undefined for an identifier that nobody holds, or somebody whose account cannot be recovered. */
  readonly oid: AccountId | undefined
  readonly linkHash: string
  readonly progress: Progress
  /** Counts the changes; a change of an older version is refused. */
  readonly version: number
}

/** Another request changed the recovery since it was read: the transaction is rolled back and done again on the newer one. */
class RecoveryConflict extends Error {
  override readonly name = 'RecoveryConflict'
}

export type NewRecovery = Omit<Recovery, 'id' | 'ref' | 'version'>

export interface Recoveries {
  /** @param ticket goes into the cookie of the browser and is stored nowhere */
  insert(tx: Tx, ticket: string, recovery: NewRecovery): Promise<void>
  /** By the ticket of a cookie: anything may come in. @param browser hash that names the browser of the request */
  find(ticket: string | undefined, browser: string): Promise<Recovery | undefined>
  /** By the ticket of a mailed link, in whatever browser. */
  findByLink(ticket: string): Promise<Recovery | undefined>
  /**
   * Changes a recovery in one transaction with whatever else `work` does, again on the newer one if another request was faster. Of two that
   * end it the second does nothing, and of two that prove something, as the first one's has another id by then.
   * @param work answers the new progress, or undefined to leave everything as it is
   * @returns false when nothing was changed: by `work`, or because the recovery has ended or goes on under another id
   */
  change(recovery: Recovery, work: (tx: Tx, current: Recovery) => Promise<Changed | undefined>): Promise<boolean>
}

export interface Changed {
  readonly progress: Progress
  readonly linkHash?: string
  /** The new ticket of the browser; the one before opens nothing any more. */
  readonly ticket?: string
}

const place = (id: string) => ({ table: 'recoveries', column: 'progress', key: id })

interface Row {
  id: string
  oid: number
  link_hash: string
  progress: Uint8Array
  version: number
}

export function makeRecoveries(deps: { store: Store; keyring: Keyring; clock: Clock }): Recoveries {
  const { store, clock } = deps
  const key = deps.keyring.key('recoveries')
  const sealed = (id: string, progress: Progress) => seal(key, place(id), JSON.stringify(progress))

  const opened = ({ id, oid, link_hash, progress: sealed, version }: Row): Recovery => {
    const progress: Progress = JSON.parse(open(key, place(id), sealed).toString('utf8'))
    return {
      id,
      ref: progress.ref ?? id,
      oid: oid === NOBODY ? undefined : oid,
      linkHash: link_hash,
      progress,
      version,
    }
  }

  async function findBy(column: 'id' | 'link_hash', hash: string): Promise<Recovery | undefined> {
    const row = await store.db
      .selectFrom('recoveries')
      .select(['id', 'oid', 'link_hash', 'progress', 'version'])
      .where(column, '=', hash)
      .where('expires_at', '>', clock.now())
      .executeTakeFirst()
    return row && opened(row)
  }

  async function save(tx: Tx, { id, ref, version, linkHash }: Recovery, changed: Changed): Promise<void> {
    const nextId = changed.ticket === undefined ? id : ticketHash(changed.ticket)
    const progress = nextId === ref ? changed.progress : { ...changed.progress, ref }
    const saved = await tx
      .updateTable('recoveries')
      .set({
        id: nextId,
        progress: sealed(nextId, progress),
        link_hash: changed.linkHash ?? linkHash,
        version: version + 1,
      })
      .where('id', '=', id)
      .where('version', '=', version)
      .returning('id')
      .executeTakeFirst()
    if (!saved) throw new RecoveryConflict()
  }

  return {
    async insert(tx, ticket, { oid, linkHash, progress }) {
      const id = ticketHash(ticket)
      const expires_at = addSeconds(clock.now(), RECOVERY_SECONDS)
      await tx
        .insertInto('recoveries')
        .values({
          id,
          oid: oid ?? NOBODY,
          link_hash: linkHash,
          progress: sealed(id, progress),
          version: 1,
          expires_at,
        })
        .execute()
    },
    async find(ticket, browser) {
      if (ticket === undefined || !TICKET.test(ticket)) return undefined
      const recovery = await findBy('id', ticketHash(ticket))
      // A neighbouring host can plant the cookie of a recovery that it has begun itself.
      return recovery?.progress.browser === browser ? recovery : undefined
    },
    findByLink: async (ticket) => (TICKET.test(ticket) ? findBy('link_hash', ticketHash(ticket)) : undefined),
    async change(first, work) {
      let recovery: Recovery | undefined = first
      for (let attempt = 1; recovery && attempt <= ATTEMPTS; attempt++) {
        const current: Recovery = recovery
        if (current.progress.ended !== undefined) return false
        try {
          return await store.tx(async (tx) => {
            const changed = await work(tx, current)
            if (!changed) return false
            await save(tx, current, changed)
            return true
          })
        } catch (error) {
          if (!(error instanceof RecoveryConflict)) throw error
          recovery = await findBy('id', current.id)
        }
      }
      if (recovery) throw new AppError(kernelErrors.unavailable)
      return false
    },
  }
}
