import { sql } from 'kysely'
import { addSeconds } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Db, Tx } from '#src/store/store.ts'
import type { CheckedKind } from './request.ts'
import { addStep } from './request-store.ts'

/** A process that dies between taking requests and storing what became of them leaves them to others after that time. */
const LEASE_SECONDS = 60
/** Pauses while a registry gives no verdict: the last one again and again, as nothing typed is given up. */
const PAUSES_SECONDS = [10, 30, 120, 600, 1800, 7200, 21_600]

export interface Due {
  readonly oid: AccountId
  readonly id: string
  readonly kind: CheckedKind
  readonly state: string
  readonly origin: string
}

/** Of which requests the next step is taken: those that registries decide on, or letters. */
const whose = {
  checked: sql`state in ('checking', 'refused') and kind <> 'letter'`,
  letters: sql`state = 'waiting' and kind = 'letter'`,
}

/** Which of them, and how many at once. */
export interface Claim {
  readonly limit: number
  /** This one, where it is due. */
  readonly only?: { readonly oid: AccountId; readonly id: string }
}

/** Takes requests whose next step is due, so that no other process takes them meanwhile. */
export async function claimDue(db: Db, now: Date, what: keyof typeof whose, { limit, only }: Claim): Promise<Due[]> {
  const which = only ? sql`and oid = ${only.oid} and id = ${only.id}` : sql``
  const { rows } = await sql<Due>`update requests r set try_at = ${addSeconds(now, LEASE_SECONDS)}
    from (select oid, id from requests where try_at <= ${now} and ${whose[what]} ${which}
      order by try_at limit ${limit} for update skip locked) due
    where r.oid = due.oid and r.id = due.id
    returning r.oid, r.id, r.kind, r.state, r.origin`.execute(db)
  return rows
}

/** What was typed into a refused request and not corrected in time. */
export async function dropPayload(db: Db, { oid, id }: Pick<Due, 'oid' | 'id'>): Promise<void> {
  await db
    .updateTable('requests')
    .set({ payload: null, try_at: null })
    .where('oid', '=', oid)
    .where('id', '=', id)
    .where('state', '=', 'refused')
    .execute()
}

/** The record has changed since the registries were asked: they are asked again at once. */
export async function askAnew(tx: Tx, { oid, id }: Pick<Due, 'oid' | 'id'>, now: Date): Promise<void> {
  await tx.updateTable('requests').set({ try_at: now }).where('oid', '=', oid).where('id', '=', id).execute()
}

/**
 * Puts a request off, longer each time. @param tries so far
 * @param retryAfterSeconds no earlier than the registry wants
 * @returns whether it is the first time
 */
export async function putOff(
  tx: Tx,
  { oid, id }: Pick<Due, 'oid' | 'id'>,
  { tries, retryAfterSeconds, now }: { readonly tries: number; readonly retryAfterSeconds: number; readonly now: Date },
): Promise<boolean> {
  const pause = PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)]!
  const reasons = ['registry.slow']
  await tx
    .updateTable('requests')
    .set({
      tries: tries + 1,
      reasons: JSON.stringify(reasons),
      try_at: addSeconds(now, Math.max(pause, retryAfterSeconds)),
      ...(tries === 0 && { changed_at: now }),
    })
    .where('oid', '=', oid)
    .where('id', '=', id)
    .execute()
  if (tries === 0) await addStep(tx, { oid, id }, 'delayed', reasons, now)
  return tries === 0
}
