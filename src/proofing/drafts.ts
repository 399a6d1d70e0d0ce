import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import type { Drafts } from './proofing.ts'

const place = (oid: AccountId, kind: string): Place => ({
  table: 'proofing_drafts',
  column: 'answers',
  key: `${oid}:${kind}`,
})

export function makeDrafts(deps: { store: Pick<Store, 'db'>; dataKeys: Pick<DataKeys, 'of'>; clock: Clock }): Drafts {
  const {
    store: { db },
    dataKeys,
    clock,
  } = deps
  return {
    async save(oid, kind, given) {
      const answers = seal(await dataKeys.of(oid), place(oid, kind), JSON.stringify(given))
      const row = { answers, changed_at: clock.now() }
      await db
        .insertInto('proofing_drafts')
        .values({ oid, kind, ...row })
        .onConflict((conflict) => conflict.columns(['oid', 'kind']).doUpdateSet(row))
        .execute()
    },
    async read(oid, kind) {
      const row = await db
        .selectFrom('proofing_drafts')
        .select('answers')
        .where('oid', '=', oid)
        .where('kind', '=', kind)
        .executeTakeFirst()
      return row ? JSON.parse(open(await dataKeys.of(oid), place(oid, kind), row.answers).toString('utf8')) : {}
    },
    async drop(oid, kind) {
      await db.deleteFrom('proofing_drafts').where('oid', '=', oid).where('kind', '=', kind).execute()
    },
  }
}
