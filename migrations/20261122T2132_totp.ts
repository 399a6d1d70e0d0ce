import { type Kysely, sql } from 'kysely'

/** Devices with time-based codes (RFC 6238), those removed within the last 30 days included, and enrolments under way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table totp_devices (
    oid int not null, id text not null, secret bytea not null, label bytea, last_step int not null,
    added_at timestamptz not null, added_origin text not null, removed_at timestamptz, removed_origin text,
    primary key (oid, id))`.execute(db)
  await sql`create index totp_devices_removed on totp_devices (removed_at) where removed_at is not null`.execute(db)
  await sql`create table totp_enrolments (
    oid int not null, origin text not null, secret bytea not null, expires_at timestamptz not null,
    primary key (oid, origin))`.execute(db)
  await sql`create index totp_enrolments_expiry on totp_enrolments (expires_at)`.execute(db)
}
