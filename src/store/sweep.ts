import { type RawBuilder, sql } from 'kysely'
import type { Store } from './store.ts'

const BATCH = 500
const MAX_BATCHES = 20
const DAY_MS = 24 * 3600 * 1000
const THROTTLE_MS = 2 * DAY_MS
/** As long as requests for one number are counted, which is why this is no shorter. */
const DETACHMENT_MS = 30 * DAY_MS
/** An account's changes can be looked up for a while after they were carried out or stopped. */
const CHANGE_MS = 30 * DAY_MS
/** As long as refusals of a client are counted. */
const CIBA_MS = DAY_MS

/** As long as the removal of a key may be undone. */
const REMOVED_KEY_MS = 30 * DAY_MS

/** Twice as long as one can be reported: the journal says so as long as it offers to report. */
const INCIDENT_MS = 60 * DAY_MS

/** The journal names them by their id; an operator may want to look one up. */
const INVITATION_MS = 30 * DAY_MS
/** So long a removal can be undone. */
const AUTHENTICATOR_MS = 30 * DAY_MS

/** So long the answers of a form wait for whoever left it half filled in. */
const DRAFT_MS = 90 * DAY_MS

/** Who has not reached a level by then has found another way. */
const AWAITED_MS = 180 * DAY_MS

/** What is over in each table, and the column whose index finds it. */
const sweeps = {
  artifacts: { column: 'expires_at', keptMs: 0 },
  fleeting_artifacts: { column: 'expires_at', keptMs: 0 },
  codes: { column: 'expires_at', keptMs: 0 },
  drafts: { column: 'expires_at', keptMs: 0 },
  proofing_drafts: { column: 'changed_at', keptMs: DRAFT_MS },
  proofing_tries: { column: 'expires_at', keptMs: 0 },
  kept_forms: { column: 'expires_at', keptMs: 0 },
  recoveries: { column: 'expires_at', keptMs: 0 },
  evidence: { column: 'expires_at', keptMs: 0 },
  releases: { column: 'at', keptMs: DAY_MS },
  awaited_levels: { column: 'awaited_at', keptMs: AWAITED_MS },
  throttles: { column: 'window_started_at', keptMs: THROTTLE_MS },
  locks: { column: 'until', keptMs: 0 },
  detachments: { column: 'due_at', keptMs: DETACHMENT_MS },
  contact_proposals: { column: 'expires_at', keptMs: 0 },
  delayed_changes: { column: 'due_at', keptMs: CHANGE_MS },
  logout_notices: { column: 'expires_at', keptMs: 0 },
  devices: { column: 'expires_at', keptMs: 0 },
  not_me_tickets: { column: 'expires_at', keptMs: 0 },
  incidents: { column: 'reported_at', keptMs: INCIDENT_MS },
  account_sessions: { column: 'kept_until', keptMs: 0 },
  ciba_requests: { column: 'expires_at', keptMs: CIBA_MS },
  totp_enrolments: { column: 'expires_at', keptMs: 0 },
  totp_devices: { column: 'removed_at', keptMs: AUTHENTICATOR_MS },
  recovery_sets: { column: 'removed_at', keptMs: AUTHENTICATOR_MS },
  invitations: { column: 'expires_at', keptMs: INVITATION_MS },
  webauthn_credentials: { column: 'removed_at', keptMs: REMOVED_KEY_MS },
  webauthn_spent: { column: 'expires_at', keptMs: 0 },
} as const

export type Swept = Record<keyof typeof sweeps, number>

/**
 * Deletes what has expired, in small batches by index, so that no lock is held for long; what is left after MAX_BATCHES per table
 * waits for the next sweep. Several processes may sweep at once: each skips the rows that another one has.
 * @returns rows deleted, by table
 */
export async function sweep(store: Pick<Store, 'db'>, now: Date): Promise<Swept> {
  const swept = Object.fromEntries(Object.keys(sweeps).map((table) => [table, 0])) as Swept
  for (const table of Object.keys(sweeps) as (keyof Swept)[]) {
    const { column, keptMs } = sweeps[table]
    const statement = deletion(table, column, new Date(now.getTime() - keptMs))
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const { numAffectedRows = 0n } = await statement.execute(store.db)
      swept[table] += Number(numAffectedRows)
      if (numAffectedRows < BATCH) break
    }
  }
  return swept
}

/** `any(array(…))` makes a TID scan; `in (select …)` may be planned as a scan of the whole table. */
function deletion(table: keyof Swept, column: string, before: Date): RawBuilder<unknown> {
  const name = sql.table(table)
  const expiry = sql.ref(column)
  return sql`delete from ${name} where ${expiry} < ${before} and ctid = any(array(
    select ctid from ${name} where ${expiry} < ${before} order by ${expiry} limit ${sql.lit(BATCH)} for update skip locked))`
}
