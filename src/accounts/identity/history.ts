import type { AccountId } from '#src/kernel/ids.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Db, Tx } from '#src/store/store.ts'

/** Why the record of a person changes, and by whom. */
export interface ChangeReason {
  /** A word of ours: `owner`, `reconciled`, `proven`, `recovery`, `operator`, `expired`. */
  readonly cause: string
  /** `owner`, `registry`, `cli`, an operator's account number. */
  readonly actor: string
  /** In which sign-in or session, as in `Enrolling.origin`; empty where there is none. */
  readonly origin: string
  /** The request that asked for it. */
  readonly request?: string
}

/** One value of a record that was another one before (R-A8). */
export interface PastChange {
  readonly seq: string
  /** A member of the person, or `document.<kind>`, `address.<kind>`. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
  readonly cause: string
  readonly actor: string
  readonly origin: string
  /** The request that asked for it. */
  readonly request: string | undefined
  readonly at: Date
}

/** A row has no number yet when it is sealed. */
const historyPlace = (column: 'before' | 'after', oid: AccountId, field: string, at: Date): Place => ({
  table: 'profile_history',
  column,
  key: `${oid}:${field}:${at.toISOString()}`,
})

/** @param key the account's data key @param change `undefined` stands for no value */
export async function insertHistory(
  tx: Tx,
  key: Buffer,
  change: {
    readonly oid: AccountId
    readonly field: string
    readonly before: unknown
    readonly after: unknown
    readonly reason: ChangeReason
    readonly at: Date
  },
): Promise<void> {
  const { oid, field, at, reason } = change
  const sealed = (column: 'before' | 'after') =>
    change[column] === undefined
      ? null
      : seal(key, historyPlace(column, oid, field, at), JSON.stringify(change[column]))
  const { cause, actor, origin, request = null } = reason
  await tx
    .insertInto('profile_history')
    .values({ oid, field, before: sealed('before'), after: sealed('after'), cause, actor, origin, request, at })
    .execute()
}

/** The newest first. @param key the account's data key @param page.request only what this request led to */
export async function readHistory(
  handle: Db | Tx,
  key: Buffer,
  oid: AccountId,
  page: { readonly limit: number; readonly beforeSeq?: string; readonly request?: string },
): Promise<PastChange[]> {
  let query = handle
    .selectFrom('profile_history')
    .select(['seq', 'field', 'before', 'after', 'cause', 'actor', 'origin', 'request', 'at'])
    .where('oid', '=', oid)
    .orderBy('seq', 'desc')
    .limit(page.limit)
  if (page.beforeSeq !== undefined) query = query.where('seq', '<', page.beforeSeq)
  if (page.request !== undefined) query = query.where('request', '=', page.request)
  return (await query.execute()).map(({ before, after, request, ...row }) => {
    const opened = (column: 'before' | 'after', value: Uint8Array | null) =>
      value === null
        ? undefined
        : JSON.parse(open(key, historyPlace(column, oid, row.field, row.at), value).toString('utf8'))
    return {
      ...row,
      request: request ?? undefined,
      seq: String(row.seq),
      before: opened('before', before),
      after: opened('after', after),
    }
  })
}
