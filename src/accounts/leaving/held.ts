import type { AccountId } from '#src/kernel/ids.ts'
import { open } from '#src/store/seal.ts'
import type { Db } from '#src/store/store.ts'
import { contactHistoryPlace } from '../contact-store.ts'
import { evidencePlace } from '../identity/record-change.ts'

// What is held of an account and shown on no other page: read for the copy that its owner takes along, part by part.

/** A row with the number after which the next part begins. */
interface Numbered {
  readonly seq: string
}

/** Every row of something that is read in parts. @param part rows after the one with that number, in their order */
export async function* inParts<T extends Numbered>(
  part: (after: string | undefined) => Promise<readonly T[]>,
): AsyncGenerator<Omit<T, 'seq'>> {
  let after: string | undefined
  for (;;) {
    const rows = await part(after)
    for (const { seq: _seq, ...row } of rows) yield row
    after = rows.at(-1)?.seq
    if (after === undefined) return
  }
}

/** Contacts that were others before, the oldest first. @param key the account's data key */
export async function contactChanges(
  db: Db,
  key: Buffer,
  oid: AccountId,
  page: { readonly limit: number; readonly after: string | undefined },
) {
  const rows = await db
    .selectFrom('contact_history')
    .select(['seq', 'kind', 'before', 'after', 'cause', 'at', 'undone_at'])
    .where('oid', '=', oid)
    .where('seq', '>', page.after ?? '0')
    .orderBy('seq')
    .limit(page.limit)
    .execute()
  return rows.map(({ seq, kind, before, after, cause, at, undone_at }) => {
    const opened = (column: 'before' | 'after', value: Uint8Array | null) =>
      value === null ? undefined : open(key, contactHistoryPlace(column, oid, kind, at), value).toString('utf8')
    return {
      seq: String(seq),
      contact: kind,
      before: opened('before', before),
      after: opened('after', after),
      cause,
      at,
      undoneAt: undone_at ?? undefined,
    }
  })
}

/** What proves who the person is, the oldest first. What it covers are groups of values. @param key the account's data key */
export async function evidenceOf(db: Db, key: Buffer, oid: AccountId) {
  const rows = await db
    .selectFrom('identity_evidence')
    .select(['id', 'kind', 'covers', 'verifier', 'details', 'at', 'until'])
    .where('oid', '=', oid)
    .orderBy('at')
    .execute()
  return rows.map(({ id, covers, details, until, ...row }) => ({
    ...row,
    details: details === null ? undefined : JSON.parse(open(key, evidencePlace(oid, id), details).toString('utf8')),
    covers: Object.keys(JSON.parse(covers) as object),
    until: until ?? undefined,
  }))
}

export async function agreementsOf(db: Db, oid: AccountId) {
  const rows = await db
    .selectFrom('agreements')
    .select(['kind', 'version', 'agreed_at'])
    .where('oid', '=', oid)
    .orderBy('agreed_at')
    .execute()
  return rows.map(({ agreed_at, ...row }) => ({ ...row, agreedAt: agreed_at }))
}

/** Messages to the owner, without their words, which are not kept. */
export async function messagesTo(
  db: Db,
  oid: AccountId,
  page: { readonly limit: number; readonly after: string | undefined },
) {
  let query = db
    .selectFrom('messages')
    .select(['id', 'channel', 'kind', 'created_at', 'state', 'settled_at'])
    .where('oid', '=', oid)
    .orderBy('id')
    .limit(page.limit)
  if (page.after !== undefined) query = query.where('id', '>', page.after)
  return (await query.execute()).map(({ id, created_at, settled_at, ...row }) => ({
    seq: id,
    ...row,
    createdAt: created_at,
    settledAt: settled_at ?? undefined,
  }))
}
