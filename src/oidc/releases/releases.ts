import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, readOnce, write } from '#src/store/unit.ts'
import { dataReleased } from './events.ts'

/** By what data leave the house. */
export type Channel = 'id_token' | 'userinfo'

export interface Release {
  readonly oid: AccountId
  readonly clientId: string
  readonly channel: Channel
  /** Names. */
  readonly claims: readonly string[]
}

/** Who was handed which data of a person (R-F2). */
export interface Releases {
  /** Reads ahead what was told of lately, beside whatever else a request reads. */
  expect(oid: AccountId, clientId: string): void
  /** Journals a release in the unit of work of the request, unless the same data or more went the same way within 24 hours. */
  note(release: Release): Promise<void>
  /** What is handed over after the person took the consent back and gave it again is told anew. Travels in the request's unit of work. */
  forget(oid: AccountId, clientId: string): Promise<void>
}

const COALESCED_SECONDS = 86_400

interface Told {
  readonly channel: string
  readonly claims: string
}

const find = defineRead<Told>({
  name: 'releases',
  parameters: { oid: 'int', client_id: 'text', since: 'timestamptz' },
  sql: `select channel, claims from releases
    where oid = key.oid and client_id = key.client_id and at > key.since`,
})

const put: Part = {
  name: 'releases',
  columns: { oid: 'int', client_id: 'text', channel: 'text', claims: 'text', at: 'timestamptz' },
  sql: (rows) => `insert into releases (oid, client_id, channel, claims, at)
    select oid, client_id, channel, claims, at from ${rows}
    on conflict (oid, client_id, channel, claims) do update set at = excluded.at`,
}

const drop: Part = {
  name: 'drop_releases',
  columns: { oid: 'int', client_id: 'text' },
  sql: (rows) => `delete from releases e using ${rows} r where e.oid = r.oid and e.client_id = r.client_id`,
}

const isAmong = (claims: readonly string[], told: readonly string[]) => claims.every((claim) => told.includes(claim))

export function makeReleases(deps: { store: Store; journal: Pick<Journal, 'note'>; clock: Clock }): Releases {
  const { store, journal, clock } = deps

  const lately = (oid: AccountId, clientId: string) =>
    readOnce(`releases:${oid}:${clientId}`, () =>
      store.read(find, [oid, clientId, addSeconds(clock.now(), -COALESCED_SECONDS)]),
    )

  return {
    expect: (oid, clientId) => void lately(oid, clientId).catch(() => {}),
    async note({ oid, clientId, channel, claims }) {
      const names = [...claims].sort().join(' ')
      const told = (await lately(oid, clientId)).filter((one) => one.channel === channel)
      // A client that asks for now this, now that part of what it has been told fills nobody's journal.
      if (told.some((one) => isAmong(claims, one.claims.split(' ')))) return
      await write(store, put, `${oid}:${clientId}:${channel}:${names}`, [oid, clientId, channel, names, clock.now()])
      await journal.note(dataReleased({ account: oid, client: clientId, claims: names, channel }))
    },
    forget: (oid, clientId) => write(store, drop, `${oid}:${clientId}`, [oid, clientId]),
  }
}
