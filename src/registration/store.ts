import { randomBytes } from 'node:crypto'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Answers } from './registration.ts'

export const DRAFT_SECONDS = 24 * 3600
/** A finished draft only tells its browser the account number, or lets its sign-in go on. */
const FINISHED_SECONDS = 3600
const TICKET = /^[\w-]{43}$/

/** A registration under way. */
export interface Draft {
  /** Hash of the ticket in the browser's cookie. */
  readonly id: string
  /** Seals the answers, and becomes the data key of the account. */
  readonly key: Buffer
  readonly answers: Answers
  /** `uid` of the sign-in that this registration belongs to. */
  readonly login?: string
  /** Counts the changes; a change of an older version is refused. */
  readonly version: number
  readonly finishedOid?: AccountId
}

/** Somebody else changed the draft since it was read: the transaction is rolled back and done again on the newer one. */
export class DraftConflict extends Error {
  override readonly name = 'DraftConflict'
}

export interface Drafts {
  /** @returns the ticket, which is stored nowhere */
  begin(login?: string): Promise<string>
  /** By the ticket of a cookie: anything may come in. */
  find(ticket: string | undefined): Promise<Draft | undefined>
  reload(draft: Draft): Promise<Draft | undefined>
  /** @throws DraftConflict */
  save(tx: Tx, draft: Draft, answers: Answers): Promise<void>
  /** Takes the draft for the account about to be made: of two takers the second waits and then loses. @throws DraftConflict */
  claim(tx: Tx, draft: Draft): Promise<void>
  finish(tx: Tx, draft: Draft, oid: AccountId): Promise<void>
  discard(draft: Draft): Promise<void>
  /** The account of a finished draft, once, and only for the sign-in that it belongs to. */
  spend(ticket: string | undefined, login: string): Promise<AccountId | undefined>
}

/** What a draft's row seals. The sign-in's `uid` is in an address that leads into it, so that outside the seal only its hash stands. */
interface Sealed {
  readonly answers: Answers
  readonly login?: string
}

const place = (id: string) => ({ table: 'drafts', column: 'answers', key: id })
const keyName = (id: string) => `draft:${id}`

export function makeDrafts(deps: { store: Store; keyring: Keyring; clock: Clock }): Drafts {
  const { store, keyring, clock } = deps

  async function findById(id: string): Promise<Draft | undefined> {
    const row = await store.db
      .selectFrom('drafts')
      .select(['kek_id', 'wrapped', 'answers', 'version', 'finished_oid'])
      .where('id', '=', id)
      .where('expires_at', '>', clock.now())
      .executeTakeFirst()
    if (!row) return undefined
    const key = keyring.unwrap(keyName(id), row.kek_id, row.wrapped)
    const kept: Sealed = JSON.parse(open(key, place(id), row.answers).toString('utf8'))
    return {
      id,
      key,
      ...kept,
      version: row.version,
      ...(row.finished_oid !== null && { finishedOid: row.finished_oid }),
    }
  }

  const ofVersion = (tx: Tx, draft: Draft) =>
    tx
      .updateTable('drafts')
      .where('id', '=', draft.id)
      .where('version', '=', draft.version)
      .where('finished_oid', 'is', null)
      .returning('id')

  const sealed = ({ id, key, login }: Pick<Draft, 'id' | 'key' | 'login'>, answers: Answers) =>
    seal(key, place(id), JSON.stringify({ answers, ...(login !== undefined && { login }) } satisfies Sealed))

  return {
    async begin(login) {
      const ticket = randomTicket()
      const id = ticketHash(ticket)
      const key = randomBytes(32)
      const { kekId, wrapped } = keyring.wrap(keyName(id), key)
      await store.db
        .insertInto('drafts')
        .values({
          id,
          kek_id: kekId,
          wrapped,
          answers: sealed({ id, key, ...(login !== undefined && { login }) }, {}),
          login: login === undefined ? null : ticketHash(login),
          version: 1,
          expires_at: addSeconds(clock.now(), DRAFT_SECONDS),
          finished_oid: null,
        })
        .execute()
      return ticket
    },
    find: async (ticket) => (ticket !== undefined && TICKET.test(ticket) ? findById(ticketHash(ticket)) : undefined),
    reload: (draft) => findById(draft.id),
    async save(tx, draft, answers) {
      const change = { answers: sealed(draft, answers), version: draft.version + 1 }
      if (!(await ofVersion(tx, draft).set(change).executeTakeFirst())) throw new DraftConflict()
    },
    async claim(tx, draft) {
      const change = { version: draft.version + 1 }
      if (!(await ofVersion(tx, draft).set(change).executeTakeFirst())) throw new DraftConflict()
    },
    async finish(tx, draft, oid) {
      // The answers are the account's now; the draft keeps none of them.
      const expires_at = addSeconds(clock.now(), FINISHED_SECONDS)
      await tx
        .updateTable('drafts')
        .set({ finished_oid: oid, answers: sealed(draft, {}), expires_at })
        .where('id', '=', draft.id)
        .execute()
    },
    async discard(draft) {
      await store.db.deleteFrom('drafts').where('id', '=', draft.id).execute()
    },
    async spend(ticket, login) {
      if (ticket === undefined || !TICKET.test(ticket)) return undefined
      const spent = await store.db
        .deleteFrom('drafts')
        .where('id', '=', ticketHash(ticket))
        .where('login', '=', ticketHash(login))
        .where('finished_oid', 'is not', null)
        .where('expires_at', '>', clock.now())
        .returning('finished_oid')
        .executeTakeFirst()
      return spent?.finished_oid ?? undefined
    },
  }
}
