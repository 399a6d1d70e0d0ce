import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { accountName } from '../account.ts'
import type { Accounts } from '../accounts.ts'
import type { Owner } from '../owner-notices.ts'
import { type ClaimedKind, claimIndex } from './claims.ts'
import { type ChangeReason, type PastChange, readHistory } from './history.ts'
import type { LevelTold } from './level-told.ts'
import { makeRecordChange, type RecordChange } from './record-change.ts'

export interface IdentityRecords {
  /**
   * The one way to change what an identity level is made of: locks the record, writes history and journal, and has the owner told where
   * the level is another one afterwards (R-A3).
   * @param owner read before the transaction
   */
  change<T>(tx: Tx, owner: Owner, reason: ChangeReason, work: (record: RecordChange) => Promise<T>): Promise<T>
  /** Who holds a SNILS or document; costs the same whether anybody does. @param value eleven digits, or the identifier of a document */
  ownerOf(kind: ClaimedKind, value: string, tx?: Tx): Promise<AccountId | undefined>
  /** What was another value before (R-A8), the newest first. */
  historyOf(
    oid: AccountId,
    page: { readonly limit: number; readonly beforeSeq?: string; readonly request?: string },
  ): Promise<PastChange[]>
}

export function makeIdentityRecords(deps: {
  store: Pick<Store, 'db'>
  accounts: Pick<Accounts, 'read' | 'readIn' | 'holderOf'>
  keyring: Pick<Keyring, 'key'>
  dataKeys: Pick<DataKeys, 'of'>
  levelTold: LevelTold
  journal: Pick<Journal, 'record'>
  clock: Clock
}): IdentityRecords {
  const { store, accounts, keyring, dataKeys, levelTold, journal, clock } = deps
  const blindKey = () => keyring.key('blind_index')

  return {
    ownerOf: (kind, value, tx) => accounts.holderOf(kind, claimIndex(blindKey(), kind, value), tx),
    historyOf: async (oid, page) => readHistory(store.db, await dataKeys.of(oid), oid, page),
    async change(tx, owner, reason, work) {
      const { oid } = owner.account
      await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
      const account = await accounts.readIn(tx, oid)
      // Looked at now: it is computed at the first look.
      const before = account.identity
      const key = await dataKeys.of(oid, tx)
      const now = clock.now()
      const result = await work(makeRecordChange(tx, { account, key, blindKey: blindKey(), journal, reason, now }))
      // Whoever reads the account later in this request sees what it is now.
      units.getStore()?.reads.delete(accountName(oid))
      const after = await accounts.readIn(tx, oid)
      await levelTold(tx, oid, before, after.identity, reason.cause)
      return result
    },
  }
}
