import type { AccountId } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'

/** One proof, whosever it is. */
export interface ProofOnRecord {
  readonly oid: AccountId
  readonly id: string
  readonly kind: string
  /** By code. */
  readonly verifier: string
  /** Groups of values. */
  readonly covers: readonly string[]
  readonly at: Date
  readonly until: Date | undefined
}

/** Proofs of all accounts, for an audit: everything else reads those of one account. */
export interface ProofsOnRecord {
  /** @param id a uuid */
  find(id: string): Promise<ProofOnRecord | undefined>
  /** The first one of which that is true. Reads every id there is. */
  search(isIt: (id: string) => boolean): Promise<ProofOnRecord | undefined>
}

const AT_ONCE = 5_000
const BEFORE_ALL = { oid: 0, id: '00000000-0000-0000-0000-000000000000' }

export function makeProofsOnRecord({ store }: { store: Store }): ProofsOnRecord {
  async function find(id: string): Promise<ProofOnRecord | undefined> {
    const row = await store.db
      .selectFrom('identity_evidence')
      .select(['oid', 'id', 'kind', 'verifier', 'covers', 'at', 'until'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row && { ...row, covers: Object.keys(JSON.parse(row.covers)), until: row.until ?? undefined }
  }

  const page = ({ oid, id }: typeof BEFORE_ALL) =>
    store.db
      .selectFrom('identity_evidence')
      .select(['oid', 'id'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('oid', 'id'), '>', tuple(oid, id)))
      .orderBy('oid')
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()

  return {
    find,
    async search(isIt) {
      for (let rows = await page(BEFORE_ALL); rows.length > 0; rows = await page(rows.at(-1)!)) {
        const found = rows.find(({ id }) => isIt(id))
        if (found) return find(found.id)
      }
      return undefined
    },
  }
}
