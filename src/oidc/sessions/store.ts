import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** A session of an account, alive or over. */
export interface SessionRow {
  readonly ref: string
  readonly uid: string
  /** `ref`s of the sign-ins that made or strengthened it. */
  readonly origins: readonly string[]
  /** Hashes of the grants that were given offline access in it. */
  readonly offline: readonly string[]
  readonly begunAt: Date
}

export interface NewSession {
  readonly oid: AccountId
  readonly uid: string
  readonly begunAt: Date
  /** Of the sign-in that has just joined it. */
  readonly origin: string | undefined
  /** Ids of all grants that have offline access. */
  readonly offline: readonly string[]
}

/** The table `account_sessions`. */
export interface SessionStore {
  /** In the request's unit of work; adds to what is known of a session. */
  remember(session: NewSession): Promise<void>
  /** Those that may be alive, the newest first; with those that are over as well, where asked. */
  of(oid: AccountId, options?: { readonly over: boolean }): Promise<SessionRow[]>
  /** @param origin its ref, or one of its origins */
  find(oid: AccountId, origin: string): Promise<SessionRow | undefined>
  /** What was proven in sign-ins that have no session yet counts no more. @param but the one that goes on, as in `origins` */
  endSignIns(oid: AccountId, but: string | undefined): Promise<void>
}

const DAY = 86_400
/** As long as a notice can be answered with "this was not me". */
const KEPT_DAYS = 30

const put: Part = {
  name: 'account_session',
  columns: {
    oid: 'int',
    ref: 'text',
    uid: 'bytea',
    begun_at: 'timestamptz',
    expires_at: 'timestamptz',
    kept_until: 'timestamptz',
    origin: 'text',
    offline: 'text',
  },
  sql: (rows) => `insert into account_sessions as known
      (oid, ref, uid, begun_at, expires_at, kept_until, origins, offline)
    select oid, ref, uid, begun_at, expires_at, kept_until, array_remove(array[origin], null), string_to_array(offline, ' ')
    from ${rows}
    on conflict (oid, ref) do update set kept_until = greatest(known.kept_until, excluded.kept_until),
      origins = array(select unnest(known.origins) union select unnest(excluded.origins)),
      offline = array(select unnest(known.offline) union select unnest(excluded.offline))`,
}

/** Both those whose evidence is still gathered, and those whose result waits for the browser to come back with it. */
const endSignIns: Statement = {
  name: 'sign_ins:end',
  text: `with ended as (delete from evidence where oid = $1 and login is distinct from $2)
    update accounts set sign_ins_ended_at = $3 where oid = $1`,
}

/** @param limits.consentDays the longest that offline access goes on */
export function makeSessionStore(deps: {
  store: Store
  dataKeys: DataKeys
  clock: Clock
  limits: { readonly absoluteSeconds: number; readonly consentDays: number }
}): SessionStore {
  const { store, dataKeys, clock, limits } = deps
  const place = (oid: AccountId, ref: string) => ({ table: 'account_sessions', column: 'uid', key: `${oid}:${ref}` })
  const columns = ['ref', 'uid', 'origins', 'offline', 'begun_at'] as const

  const opened = async (
    oid: AccountId,
    { uid, begun_at, ...row }: { ref: string; uid: Uint8Array; origins: string[]; offline: string[]; begun_at: Date },
  ): Promise<SessionRow> => ({
    ...row,
    uid: open(await dataKeys.of(oid), place(oid, row.ref), uid).toString('utf8'),
    begunAt: begun_at,
  })

  return {
    async remember({ oid, uid, begunAt, origin, offline }) {
      const ref = ticketHash(uid)
      const expiresAt = addSeconds(begunAt, limits.absoluteSeconds)
      const keptDays = KEPT_DAYS + (offline.length > 0 ? limits.consentDays : 0)
      await write(store, put, `${oid}:${ref}`, [
        oid,
        ref,
        seal(await dataKeys.of(oid), place(oid, ref), uid),
        begunAt,
        expiresAt,
        addSeconds(expiresAt, keptDays * DAY),
        origin ?? null,
        offline.map(ticketHash).join(' '),
      ])
    },
    async of(oid, { over } = { over: false }) {
      let query = store.db
        .selectFrom('account_sessions')
        .select(columns)
        .where('oid', '=', oid)
        .orderBy('begun_at', 'desc')
      if (!over) query = query.where('expires_at', '>', clock.now())
      return Promise.all((await query.execute()).map((row) => opened(oid, row)))
    },
    async find(oid, origin) {
      const row = await store.db
        .selectFrom('account_sessions')
        .select(columns)
        .where('oid', '=', oid)
        .where((where) => where.or([where('ref', '=', origin), where(where.val(origin), '=', where.fn.any('origins'))]))
        .executeTakeFirst()
      return row && opened(oid, row)
    },
    async endSignIns(oid, but) {
      await store.run(endSignIns, [oid, but ?? null, clock.now()])
    },
  }
}
