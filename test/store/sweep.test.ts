import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { Secret } from '#src/kernel/secret.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { sweep } from '#src/store/sweep.ts'
import { createDatabase } from '#test/setup/database.ts'

const now = new Date('2026-03-01T09:00:00Z')
const past = addSeconds(now, -60)
const future = addSeconds(now, 60)
/** Of what belongs to an account that is there. */
const OWNER = 1_000_000_000
let store: Store
let drop: () => Promise<void>

beforeAll(async () => {
  const { url, drop: dropDatabase } = await createDatabase()
  store = await openStore({ kind: 'postgres', url: new Secret(url), poolSize: 4, connectTimeoutMs: 5000 }, () => {})
  drop = dropDatabase
})
afterAll(async () => {
  await store.close()
  await drop()
})

test('deletes what has expired and keeps what has not, in every table', async () => {
  const { db } = store
  const bytes = Buffer.of(1)
  await db
    .insertInto('accounts')
    .values({ oid: OWNER, realm: 'citizen', state: 'active', registered_at: past } as never)
    .execute()
  for (const [id, expires_at] of [
    ['old', past],
    ['new', future],
  ] as const) {
    const artifact = { model: 'Session', id, payload: bytes, expires_at }
    await db
      .insertInto('artifacts')
      .values(artifact as never)
      .execute()
    await db
      .insertInto('fleeting_artifacts')
      .values(artifact as never)
      .execute()
    await db
      .insertInto('codes')
      .values({ id, pause_key: 'k', digest: 'x', tries: 0, sent_at: past, expires_at, spent_at: null })
      .execute()
    await db
      .insertInto('drafts')
      .values({
        id,
        kek_id: 'k',
        wrapped: bytes,
        answers: bytes,
        login: null,
        version: 1,
        expires_at,
        finished_oid: null,
      })
      .execute()
    await db.insertInto('kept_forms').values({ oid: 1, id, form: bytes, expires_at }).execute()
    await db.insertInto('evidence').values({ login: id, kind: 'password', oid: 1, proof: '{}', expires_at }).execute()
    await db
      .insertInto('recoveries')
      .values({ id, oid: 0, link_hash: id, progress: bytes, version: 1, expires_at })
      .execute()
    await db
      .insertInto('releases')
      .values({ oid: OWNER, client_id: id, channel: 'userinfo', claims: 'email', at: addSeconds(expires_at, -86_400) })
      .execute()
    await db
      .insertInto('awaited_levels')
      .values({
        oid: OWNER,
        client_id: id,
        level: 'standard',
        awaited_at: addSeconds(expires_at, -180 * 86_400),
      })
      .execute()
    await db.insertInto('locks').values({ key: id, until: expires_at }).execute()
    const month = 30 * 86_400
    const times = { requested_at: addSeconds(expires_at, -2 * month), due_at: addSeconds(expires_at, -month) }
    await db
      .insertInto('detachments')
      .values({ kind: 'phone', hash: id, ticket_hash: id, oid: 1, locale: 'ru', state: 'done', ...times })
      .execute()
    const proposal = { kind: 'phone', origin: id, value: bytes, clashed: false } as const
    await db
      .insertInto('contact_proposals')
      .values({ oid: id === 'old' ? OWNER : OWNER + 1, ...proposal, expires_at })
      .execute()
    const change = { kind: 'contact.change', ticket_hash: id, origin: id, payload: null, state: 'done' } as const
    await db
      .insertInto('delayed_changes')
      .values({ oid: 1, id, ...change, ...times })
      .execute()
    const asked = {
      ticket_hash: id,
      client_id: id,
      details: Buffer.from(id),
      state: 'waiting',
      decided_at: null,
    } as const
    const day = addSeconds(expires_at, -86_400)
    await db
      .insertInto('ciba_requests')
      .values({ oid: 1, id, ...asked, created_at: day, expires_at: day })
      .execute()
    await db
      .insertInto('logout_notices')
      .values({ oid: 1, id, client_id: id, sid: bytes, created_at: past, expires_at, queued_at: null })
      .execute()
    const bySession = { ref: id, uid: bytes, origins: [], offline: [] }
    await db
      .insertInto('account_sessions')
      .values({ oid: 1, ...bySession, begun_at: past, expires_at: past, kept_until: expires_at })
      .execute()
    const seen = { seen: bytes, first_seen_at: past, last_seen_at: past }
    await db
      .insertInto('devices')
      .values({ oid: 1, ref: id, ...seen, trusted_until: null, tell_at: null, expires_at })
      .execute()
    await db
      .insertInto('not_me_tickets')
      .values({ oid: 1, ticket_hash: id, origin: id, created_at: past, expires_at, used_at: null })
      .execute()
    const reported = { undoes: true, reported_at: addSeconds(expires_at, -60 * 86_400), settle_at: null }
    await db
      .insertInto('incidents')
      .values({ oid: 1, origin: id, ...reported })
      .execute()
    await db
      .insertInto('proofing_drafts')
      .values({ oid: OWNER, kind: id, answers: bytes, changed_at: addSeconds(expires_at, -90 * 86_400) })
      .execute()
    await db
      .insertInto('proofing_tries')
      .values({ key: id, tried_at: [past], expires_at })
      .execute()
    await db.insertInto('webauthn_spent').values({ id, expires_at }).execute()
    const removed = { removed_at: addSeconds(expires_at, -30 * 86_400), removed_in: id }
    const key = { core: bytes, name: null, counter: 0, synced: true, backed_up: true, user_verified: true }
    await db
      .insertInto('webauthn_credentials')
      .values({ oid: OWNER, id, ...key, added_at: past, added_in: id, copied_at: null, ...removed })
      .execute()
    const authenticator = { id, added_origin: id, removed_at: removed.removed_at, removed_origin: id }
    await db
      .insertInto('totp_devices')
      .values({ oid: OWNER, secret: bytes, label: null, last_step: 0, added_at: past, ...authenticator })
      .execute()
    await db.insertInto('totp_enrolments').values({ oid: OWNER, origin: id, secret: bytes, expires_at }).execute()
    await db
      .insertInto('recovery_sets')
      .values({ oid: OWNER, made_at: past, ...authenticator })
      .execute()
    await db.insertInto('recovery_codes').values({ oid: OWNER, digest: id, set_id: id, spent_at: null }).execute()
    const ended = { created_at: times.requested_at, expires_at: times.due_at }
    await db
      .insertInto('invitations')
      .values({ id, token_hash: id, allowance: '{}', uses_left: 1, revoked_at: null, ...ended })
      .execute()
  }
  await sql`insert into throttles (key, count, window_started_at, admitted)
    values ('old', 1, ${addSeconds(now, -3 * 86_400)}, ''), ('new', 1, ${addSeconds(now, -86_400)}, '')`.execute(db)

  const one = {
    artifacts: 1,
    fleeting_artifacts: 1,
    codes: 1,
    drafts: 1,
    kept_forms: 1,
    recoveries: 1,
    evidence: 1,
    releases: 1,
    awaited_levels: 1,
    throttles: 1,
    locks: 1,
    detachments: 1,
    contact_proposals: 1,
    delayed_changes: 1,
    ciba_requests: 1,
    logout_notices: 1,
    invitations: 1,
    totp_devices: 1,
    totp_enrolments: 1,
    recovery_sets: 1,
    webauthn_spent: 1,
    webauthn_credentials: 1,
    account_sessions: 1,
    devices: 1,
    not_me_tickets: 1,
    incidents: 1,
    proofing_drafts: 1,
    proofing_tries: 1,
  }
  expect(await sweep(store, now)).toEqual(one)
  expect(await sweep(store, now)).toEqual(Object.fromEntries(Object.keys(one).map((table) => [table, 0])))
  expect(await db.selectFrom('throttles').select('key').execute()).toEqual([{ key: 'new' }])
  expect(await db.selectFrom('drafts').select('id').execute()).toEqual([{ id: 'new' }])
  expect(await db.selectFrom('recovery_codes').select('digest').execute()).toEqual([{ digest: 'new' }])
})

test('goes on batch after batch, up to its limit; the next sweep does the rest', async () => {
  await sql`insert into codes (id, digest, pause_key, tries, sent_at, expires_at)
    select 'mass' || n, 'x', 'k', 0, ${past}, ${past} from generate_series(1, 10700) as n`.execute(store.db)
  expect((await sweep(store, now)).codes).toBe(10_000)
  const both = await Promise.all([sweep(store, now), sweep(store, now)])
  expect(both.reduce((sum, { codes }) => sum + codes, 0)).toBe(700)
})

test('finds expired rows by index in a large table', async () => {
  await sql`insert into evidence (login, kind, oid, proof, expires_at)
    select 'mass' || n, 'password', 1, '{}', ${future} from generate_series(1, 20000) as n`.execute(store.db)
  await sql`analyze evidence`.execute(store.db)
  const { rows } = await sql<{
    'QUERY PLAN': string
  }>`explain delete from evidence where expires_at < ${now} and ctid = any(array(
    select ctid from evidence where expires_at < ${now} order by expires_at limit 500 for update skip locked))`.execute(
    store.db,
  )
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan')
})
