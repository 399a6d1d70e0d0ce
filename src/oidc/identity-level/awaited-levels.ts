import type { WaitingServices } from '#src/accounts/identity/level-notices.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { IdentityLevel } from '#src/kernel/levels.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import type { Clients } from '../clients/clients.ts'
import { httpsFault, isOnHostOf } from '../clients/uris.ts'
import { describe, type RelyingParty } from '../clients.ts'
import { levelAwaited } from './events.ts'

/** People who could not go on at a service, as their identity is not proven well enough for it yet. */
export interface AwaitedLevels extends WaitingServices {
  /** Travels in the request's unit of work, with its event. */
  add(awaited: { readonly oid: AccountId; readonly clientId: string; readonly level: IdentityLevel }): Promise<void>
  /** The person has gone on there; travels in the request's unit of work. */
  drop(awaited: { readonly oid: AccountId; readonly clientId: string }): Promise<void>
}

const put: Part = {
  name: 'awaited_levels',
  columns: { oid: 'int', client_id: 'text', level: 'text', awaited_at: 'timestamptz' },
  sql: (rows) => `insert into awaited_levels (oid, client_id, level, awaited_at)
    select oid, client_id, level, awaited_at from ${rows}
    on conflict (oid, client_id) do update set level = excluded.level, awaited_at = excluded.awaited_at`,
}

const remove: Part = {
  name: 'awaited_levels_over',
  columns: { oid: 'int', client_id: 'text' },
  sql: (rows) =>
    `delete from awaited_levels a using ${rows} over where a.oid = over.oid and a.client_id = over.client_id`,
}

/**
 * Where the person begins at the service again (OpenID Connect Core, section 4): it learns who sends them there. Nowhere for a registration
 * from before its address had to be on a host of the service.
 */
function beginningAt({ initiate_login_uri: uri, redirect_uris }: RelyingParty, issuer: URL): string | undefined {
  if (uri === undefined || httpsFault(uri) !== undefined || !isOnHostOf(uri, redirect_uris)) return undefined
  const url = new URL(uri)
  url.searchParams.set('iss', issuer.origin)
  return url.href
}

export function makeAwaitedLevels(deps: {
  store: Store
  clients: Pick<Clients, 'find'>
  journal: Pick<Journal, 'note'>
  clock: Clock
  issuer: URL
}): AwaitedLevels {
  const { store, clients, journal, clock, issuer } = deps
  const keyOf = (oid: AccountId, clientId: string) => `${oid}:${clientId}`

  return {
    async add({ oid, clientId, level }) {
      await write(store, put, keyOf(oid, clientId), [oid, clientId, level, clock.now()])
      await journal.note(levelAwaited({ account: oid, client: clientId, level }))
    },
    async drop({ oid, clientId }) {
      await write(store, remove, keyOf(oid, clientId), [oid, clientId])
    },
    async of({ account: { oid, state }, settings: { locale } }) {
      if (state !== 'active') return []
      const rows = await store.db
        .selectFrom('awaited_levels')
        .select(['client_id', 'level'])
        .where('oid', '=', oid)
        .orderBy('awaited_at', 'desc')
        .execute()
      const found = await Promise.all(
        rows.map(async ({ client_id: id, level }) => ({ id, level, client: await clients.find(id) })),
      )
      return found.flatMap(({ id, level, client }) =>
        client ? [{ id, level, name: describe(client, locale).name, link: beginningAt(client, issuer) }] : [],
      )
    },
    async take(tx, oid, ids) {
      if (ids.length === 0) return []
      const rows = await tx
        .deleteFrom('awaited_levels')
        .where('oid', '=', oid)
        .where('client_id', 'in', [...ids])
        .returning('client_id')
        .execute()
      return rows.map(({ client_id }) => client_id)
    },
  }
}
