import type Provider from 'oidc-provider'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import { pairwiseReference } from '../pairwise.ts'

/** A proof on record, found by what a relying party knows it by. */
export interface QuotedProof {
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

/** Resolves `check_id` and `verification_process` for an audit (Schema Definition, section 5.4). */
export interface QuotedProofs {
  /**
   * @param clientId who quotes; needed where it has pairwise subjects
   * @throws Error when no such client is in force
   */
  find(reference: string, clientId: string | undefined): Promise<QuotedProof | undefined>
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const AT_ONCE = 5_000

export function makeQuotedProofs(deps: {
  store: Store
  keyring: Pick<Keyring, 'key'>
  current: () => Provider
}): QuotedProofs {
  const { store, keyring, current } = deps
  const reference = pairwiseReference(keyring)

  async function read(id: string): Promise<QuotedProof | undefined> {
    const row = await store.db
      .selectFrom('identity_evidence')
      .select(['oid', 'id', 'kind', 'verifier', 'covers', 'at', 'until'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row && { ...row, covers: Object.keys(JSON.parse(row.covers)), until: row.until ?? undefined }
  }

  /** What a client of pairwise subjects knows cannot be turned back, so every proof is tried. */
  async function searched(isIt: (id: string) => boolean): Promise<string | undefined> {
    for (let [oid, id] = [0, '00000000-0000-0000-0000-000000000000']; ; ) {
      const rows = await store.db
        .selectFrom('identity_evidence')
        .select(['oid', 'id'])
        .where(({ eb, refTuple, tuple }) => eb(refTuple('oid', 'id'), '>', tuple(oid, id)))
        .orderBy('oid')
        .orderBy('id')
        .limit(AT_ONCE)
        .execute()
      const found = rows.find((row) => isIt(row.id))
      if (found) return found.id
      const last = rows.at(-1)
      if (!last) return undefined
      ;[oid, id] = [last.oid, last.id]
    }
  }

  return {
    async find(quoted, clientId) {
      const client = clientId === undefined ? undefined : await current().Client.find(clientId)
      if (clientId !== undefined && !client) throw new Error(`there is no client ${clientId} in force`)
      if (client?.subjectType !== 'pairwise') return UUID.test(quoted) ? read(quoted) : undefined
      const id = await searched((each) => reference(each, client) === quoted)
      return id === undefined ? undefined : read(id)
    },
  }
}
