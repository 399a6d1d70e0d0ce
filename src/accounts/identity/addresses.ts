import type { AccountId } from '#src/kernel/ids.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Db, Tx } from '#src/store/store.ts'
import { type Address, type AddressKind, formatAddress } from '../fields/address.ts'

export interface RecordedAddress {
  readonly address: Address
  readonly recordedAt: Date
}

export const addressPlace = (oid: AccountId, kind: AddressKind): Place => ({
  table: 'addresses',
  column: 'value',
  key: `${oid}:${kind}`,
})

/** What evidence of an address speaks of. */
export const addressLine = (address: Address) => formatAddress(address)

/** @param key the account's data key */
export async function readAddress(
  handle: Db | Tx,
  key: Buffer,
  oid: AccountId,
  kind: AddressKind,
): Promise<Address | undefined> {
  const row = await handle
    .selectFrom('addresses')
    .select('value')
    .where('oid', '=', oid)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row && (JSON.parse(open(key, addressPlace(oid, kind), row.value).toString('utf8')) as Address)
}

/** @param key the account's data key */
export async function writeAddress(tx: Tx, key: Buffer, oid: AccountId, address: Address, at: Date): Promise<void> {
  const { kind } = address
  const row = { value: seal(key, addressPlace(oid, kind), JSON.stringify(address)), recorded_at: at }
  await tx
    .insertInto('addresses')
    .values({ oid, kind, ...row })
    .onConflict((conflict) => conflict.columns(['oid', 'kind']).doUpdateSet(row))
    .execute()
}
