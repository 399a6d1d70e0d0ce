import type { Accounts } from '#src/accounts/accounts.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type IdentityLevel, identityLevels, satisfiesIdentity } from '#src/kernel/levels.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import type { Clients } from '../clients/clients.ts'
import { describe, type RelyingParty } from '../clients.ts'
import { levelAwaited } from './events.ts'

/** People who could not go on at a service, as their identity is not proven well enough for it yet. */
export interface AwaitedLevels {
  /** Travels in the request's unit of work, with its event. */
  add(awaited: { readonly oid: AccountId; readonly clientId: string; readonly level: IdentityLevel }): Promise<void>
  /** In the transaction in which the level changed: what waited for it is told of shortly after. */
  reached(tx: Tx, oid: AccountId, level: IdentityLevel): Promise<void>
  /** Sends what is to be sent; any number of processes may do so at once. */
  tellDue(): Promise<void>
}

const BATCH = 100

const put: Part = {
  name: 'awaited_levels',
  columns: { oid: 'int', client_id: 'text', level: 'text', awaited_at: 'timestamptz' },
  sql: (rows) => `insert into awaited_levels (oid, client_id, level, awaited_at)
    select oid, client_id, level, awaited_at from ${rows}
    on conflict (oid, client_id) do update set level = excluded.level, awaited_at = excluded.awaited_at, reached_at = null`,
}

/** Where the person begins at the service again (OpenID Connect Core, section 4): it learns who sends them there. */
function beginningAt({ initiate_login_uri: uri }: RelyingParty, issuer: URL): string | undefined {
  if (uri === undefined) return undefined
  const url = new URL(uri)
  url.searchParams.set('iss', issuer.origin)
  return url.href
}

export function makeAwaitedLevels(deps: {
  store: Store
  accounts: Pick<Accounts, 'readIn'>
  clients: Pick<Clients, 'find'>
  ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  journal: Pick<Journal, 'note'>
  clock: Clock
  issuer: URL
  log: { error(fields: object, text: string): void }
}): AwaitedLevels {
  const { store, accounts, clients, ownerNotices, journal, clock, issuer, log } = deps

  async function tell(oid: AccountId, clientId: string): Promise<void> {
    const [owner, client] = await Promise.all([ownerNotices.ownerOf(oid), clients.find(clientId)])
    await store.tx(async (tx) => {
      const row = await tx
        .deleteFrom('awaited_levels')
        .where('oid', '=', oid)
        .where('client_id', '=', clientId)
        .where('reached_at', 'is not', null)
        .returning('level')
        .executeTakeFirst()
      if (!row || !client) return
      const { state, identity } = await accounts.readIn(tx, oid)
      if (state !== 'active' || !satisfiesIdentity(identity.level, row.level)) return
      const service = describe(client, owner.settings.locale).name
      const link = beginningAt(client, issuer)
      const kind = link === undefined ? 'awaited_level' : 'awaited_level_link'
      await ownerNotices.tell(tx, owner, { kind, values: { service, ...(link !== undefined && { link }) } })
    })
  }

  return {
    async add({ oid, clientId, level }) {
      await write(store, put, `${oid}:${clientId}`, [oid, clientId, level, clock.now()])
      await journal.note(levelAwaited({ account: oid, client: clientId, level }))
    },
    async reached(tx, oid, level) {
      const met = identityLevels.filter((wanted) => satisfiesIdentity(level, wanted))
      await tx
        .updateTable('awaited_levels')
        .set({ reached_at: clock.now() })
        .where('oid', '=', oid)
        .where('level', 'in', met)
        .execute()
    },
    async tellDue() {
      const due = await store.db
        .selectFrom('awaited_levels')
        .select(['oid', 'client_id'])
        .where('reached_at', 'is not', null)
        .orderBy('reached_at')
        .limit(BATCH)
        .execute()
      // One that fails is tried again by the next run and does not stand in the way of the others.
      for (const { oid, client_id } of due)
        await tell(oid, client_id).catch((err: unknown) => log.error({ err }, 'reached identity level not told'))
    },
  }
}
