import type { Evidence } from '#src/factors/factor.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** When one of the account's authenticators was used last. */
export interface AuthenticatorUse {
  readonly kind: string
  readonly authenticator: string
  readonly used_at: Date
}

const put: Part = {
  name: 'authenticator_uses',
  columns: { oid: 'int', kind: 'text', authenticator: 'text', used_at: 'timestamptz' },
  shared: true,
  sql: (rows) => `insert into authenticator_uses (oid, kind, authenticator, used_at)
    select oid, kind, authenticator, max(used_at) from ${rows}
    group by oid, kind, authenticator order by oid, kind, authenticator
    on conflict (oid, kind, authenticator) do update set used_at = excluded.used_at
    where authenticator_uses.used_at < excluded.used_at`,
}

const find = defineRead<AuthenticatorUse>({
  name: 'authenticator_uses',
  parameters: { oid: 'int' },
  sql: 'select kind, authenticator, used_at from authenticator_uses where oid = key.oid',
})

/** Travels in the request's unit of work, with the event of the factor that was passed. */
export async function noteUse(store: Store, oid: AccountId, { kind, authenticator = '', at }: Evidence): Promise<void> {
  await write(store, put, `use:${oid}:${kind}:${authenticator}`, [oid, kind, authenticator, at])
}

export function lastUses(store: Store, oid: AccountId): Promise<AuthenticatorUse[]> {
  return store.read(find, [oid])
}
