import { sql } from 'kysely'
import { addSeconds } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Db } from '#src/store/store.ts'
import type { CheckedKind } from './request.ts'
import { isCore } from './target.ts'

const DAY_SECONDS = 86_400
const MOST = 5

/**
 * What opening a request is counted against, one's own account first: who has used up its tries takes none of a stranger's. INN and address
 * have tries of their own, so that a typo in one of them leaves those of passport and SNILS.
 * @param key `requests` of the keyring
 */
export function triedBy(
  key: Buffer,
  { oid, kind, snils }: { readonly oid: AccountId; readonly kind: CheckedKind; readonly snils: string | undefined },
): string[] {
  return [
    isCore(kind) ? `account:${oid}` : `account:${oid}:${kind}`,
    ...(snils === undefined ? [] : [`snils:${keyedHash(key, 'snils', snils)}`]),
  ]
}

/**
 * Counts a try against each of `keys` and commits before anything is checked; the first that has had five within the last 24 hours leaves
 * the others uncounted (R-A4).
 * @returns from when on there is one again; undefined when it counts
 */
export async function countTry(db: Db, keys: readonly string[], now: Date): Promise<Date | undefined> {
  for (const key of keys) if (!(await counts(db, key, now))) return freeAt(db, key, now)
  return undefined
}

/**
 * The last five moments, the newest first, are all that decides: whether the fifth is a day old is looked at in the newest version of the row,
 * which is locked for that, so that parallel tries count one another.
 */
async function counts(db: Db, key: string, now: Date): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`insert into proofing_tries as t (key, tried_at, expires_at)
    values (${key}, array[${now}::timestamptz], ${addSeconds(now, DAY_SECONDS)})
    on conflict (key) do update set
      tried_at = (excluded.tried_at || t.tried_at)[1:${sql.lit(MOST)}], expires_at = excluded.expires_at
    where t.tried_at[${sql.lit(MOST)}] is null or t.tried_at[${sql.lit(MOST)}] <= ${addSeconds(now, -DAY_SECONDS)}`.execute(
    db,
  )
  return numAffectedRows > 0n
}

async function freeAt(db: Db, key: string, now: Date): Promise<Date> {
  const { rows } = await sql<{ at: Date | null }>`select tried_at[${sql.lit(MOST)}] as at from proofing_tries
    where key = ${key}`.execute(db)
  const at = rows[0]?.at
  return at ? addSeconds(at, DAY_SECONDS) : now
}
