import type { AccountId } from '#src/kernel/ids.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Tx } from '#src/store/store.ts'

/** What belongs to one account alone (R-A13), beside contacts. */
export type ClaimedKind = 'snils' | 'document'

/** @param key `blind_index` of the keyring @param value eleven digits, or the identifier of a document */
export const claimIndex = (key: Buffer, kind: ClaimedKind, value: string) => keyedHash(key, kind, value)

/** @returns false when another account has it; true also for what is the account's already */
export async function claim(tx: Tx, oid: AccountId, kind: ClaimedKind, hash: string): Promise<boolean> {
  await tx
    .insertInto('identifiers')
    .values({ kind, hash, oid })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const held = await tx
    .selectFrom('identifiers')
    .select('oid')
    .where('kind', '=', kind)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return held?.oid === oid
}

export async function release(tx: Tx, oid: AccountId, kind: ClaimedKind, hash: string): Promise<void> {
  await tx.deleteFrom('identifiers').where('kind', '=', kind).where('hash', '=', hash).where('oid', '=', oid).execute()
}
