import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Part, readOnce, write } from '#src/store/unit.ts'

/** A browser that an account was signed in with before, known by a cookie of its own; it proves nothing about the person. */
export interface KnownDevice {
  /** What stands for it in addresses and records: a hash that opens nothing. */
  readonly ref: string
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  /** The owner's own wish for a second factor is waived here until then; what a service asks for never is. */
  readonly trustedUntil: Date | undefined
}

/** Where the last sign-in came from, and which one it was. */
export interface Seen {
  readonly address: string
  /** The `User-Agent`. */
  readonly device: string
  readonly client: string
  readonly origin: string
}

/** A known device whose last sign-in has not been opened: to list those of an account that nobody has is the same work. */
export interface SealedDevice extends KnownDevice {
  open(): Promise<Seen>
}

interface NewDevice {
  readonly oid: AccountId
  readonly ref: string
  readonly at: Date
  readonly seen: Seen
  readonly trustedUntil: Date | undefined
  readonly expiresAt: Date
}

/** A sign-in that its owner has to be told of. */
export interface DueNotice {
  readonly oid: AccountId
  readonly ref: string
  readonly at: Date
  readonly tellAt: Date
  /** The browser was not known before. */
  readonly isNew: boolean
  open(): Promise<Seen>
}

/** The table `devices`. */
export interface DeviceStore {
  /** In the request's unit of work: one row, which itself finds out whether the owner has to be told. */
  remember(device: NewDevice): Promise<void>
  find(oid: AccountId, ref: string): Promise<KnownDevice | undefined>
  list(oid: AccountId): Promise<SealedDevice[]>
  forget(oid: AccountId, ref: string): Promise<boolean>
  forgetAll(oid: AccountId): Promise<void>
  distrust(oid: AccountId, ref: string): Promise<boolean>
  due(limit: number): Promise<DueNotice[]>
  /** @returns false when another process has it */
  take(tx: Tx, notice: DueNotice): Promise<boolean>
  /** Of more devices than an account may have, those that were used longest ago go. */
  trim(tx: Tx, oid: AccountId): Promise<void>
  postpone(notice: DueNotice, until: Date): Promise<void>
}

/** As many as the list shows: what stands in no list could be taken off none. */
const MOST = 50

/**
 * A browser that the account does not know is news, but for the first one of an account that is not a day old; any sign-in is to an
 * owner who wants to hear of each. Asked for by `exists`, PostgreSQL might read all devices of all accounts first, to have the answer.
 */
const put: Part = {
  name: 'device',
  columns: {
    oid: 'int',
    ref: 'text',
    seen: 'bytea',
    at: 'timestamptz',
    trusted_until: 'timestamptz',
    expires_at: 'timestamptz',
  },
  sql: (rows) => `insert into devices as known
      (oid, ref, seen, first_seen_at, last_seen_at, trusted_until, expires_at, tell_at)
    select r.oid, r.ref, r.seen, r.at, r.at, r.trusted_until, r.expires_at,
      case when (select true from devices d where d.oid = r.oid limit 1)
        or not exists (select from accounts a where a.oid = r.oid and a.registered_at > r.at - interval '1 day')
        then r.at end
    from ${rows} r
    on conflict (oid, ref) do update set seen = excluded.seen, last_seen_at = excluded.last_seen_at,
      trusted_until = coalesce(excluded.trusted_until, known.trusted_until), expires_at = excluded.expires_at,
      tell_at = coalesce(known.tell_at, case when (select s.chosen::jsonb @> '{"everySignIn": true}'
        from account_settings s where s.oid = excluded.oid) then excluded.last_seen_at end)`,
}

interface Row {
  ref: string
  first_seen_at: Date
  last_seen_at: Date
  trusted_until: Date | null
}

const find = defineRead<Row>({
  name: 'device',
  parameters: { oid: 'int', ref: 'text', at: 'timestamptz' },
  sql: `select ref, first_seen_at, last_seen_at, trusted_until from devices
    where oid = key.oid and ref = key.ref and expires_at > key.at`,
})

const list = defineRead<Row & { seen: Uint8Array }>({
  name: 'devices',
  parameters: { oid: 'int', at: 'timestamptz' },
  sql: `select ref, first_seen_at, last_seen_at, trusted_until, seen from devices
    where oid = key.oid and expires_at > key.at order by last_seen_at desc limit ${MOST}`,
})

export function makeDeviceStore(deps: { store: Store; dataKeys: DataKeys; clock: Clock }): DeviceStore {
  const { store, dataKeys, clock } = deps
  const { db } = store
  const place = (oid: AccountId, ref: string) => ({ table: 'devices', column: 'seen', key: `${oid}:${ref}` })
  const opened = async (oid: AccountId, { ref, seen }: { ref: string; seen: Uint8Array }): Promise<Seen> =>
    JSON.parse(open(await dataKeys.of(oid), place(oid, ref), seen).toString('utf8'))

  const knownOf = (row: Row): KnownDevice => ({
    ref: row.ref,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    trustedUntil: row.trusted_until !== null && row.trusted_until > clock.now() ? row.trusted_until : undefined,
  })

  return {
    async remember({ oid, ref, at, seen, trustedUntil, expiresAt }) {
      const sealed = seal(await dataKeys.of(oid), place(oid, ref), JSON.stringify(seen))
      await write(store, put, `${oid}:${ref}`, [oid, ref, sealed, at, trustedUntil ?? null, startOfDay(expiresAt)])
    },
    find: (oid, ref) =>
      readOnce(`device:${oid}:${ref}`, async () => {
        const [row] = await store.read(find, [oid, ref, clock.now()])
        return row && knownOf(row)
      }),
    async list(oid) {
      const rows = await store.read(list, [oid, clock.now()])
      return rows.map((row) => ({ ...knownOf(row), open: () => opened(oid, row) }))
    },
    async forget(oid, ref) {
      const { numDeletedRows } = await db
        .deleteFrom('devices')
        .where('oid', '=', oid)
        .where('ref', '=', ref)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    async forgetAll(oid) {
      await db.deleteFrom('devices').where('oid', '=', oid).execute()
    },
    async distrust(oid, ref) {
      const { numUpdatedRows } = await db
        .updateTable('devices')
        .set({ trusted_until: null })
        .where('oid', '=', oid)
        .where('ref', '=', ref)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async due(limit) {
      const rows = await db
        .selectFrom('devices')
        .select(['oid', 'ref', 'seen', 'first_seen_at', 'last_seen_at', 'tell_at'])
        .where('tell_at', '<=', clock.now())
        .orderBy('tell_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        oid: row.oid,
        ref: row.ref,
        at: row.last_seen_at,
        tellAt: row.tell_at!,
        isNew: row.first_seen_at.getTime() === row.tell_at!.getTime(),
        open: () => opened(row.oid, row),
      }))
    },
    async take(tx, { oid, ref, tellAt }) {
      const { numUpdatedRows } = await tx
        .updateTable('devices')
        .set({ tell_at: null })
        .where('oid', '=', oid)
        .where('ref', '=', ref)
        .where('tell_at', '=', tellAt)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async trim(tx, oid) {
      await tx
        .deleteFrom('devices')
        .where('oid', '=', oid)
        .where('ref', 'in', (beyond) =>
          beyond
            .selectFrom('devices')
            .select('ref')
            .where('oid', '=', oid)
            .orderBy('last_seen_at', 'desc')
            .orderBy('ref')
            .offset(MOST),
        )
        .execute()
    },
    async postpone({ oid, ref, tellAt }, until) {
      await db
        .updateTable('devices')
        .set({ tell_at: until })
        .where('oid', '=', oid)
        .where('ref', '=', ref)
        .where('tell_at', '=', tellAt)
        .execute()
    },
  }
}

/** Changes once a day, so that a sign-in seldom touches the index that it stands in. */
function startOfDay(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 86_400_000) * 86_400_000)
}
