import type { AccountId } from '#src/kernel/ids.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Db, Tx } from '#src/store/store.ts'
import { type Address, type AddressKind, formatAddress } from '../fields/address.ts'
import { digestOf } from './digests.ts'

export interface RecordedAddress {
  readonly address: Address
  readonly recordedAt: Date
  /** The registry found the person of the record registered at it. */
  readonly proven: boolean
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

/** Both kinds, the registered one first. @param key the account's data key @param personDigest of names and birth date */
export async function readAddresses(
  handle: Db | Tx,
  key: Buffer,
  oid: AccountId,
  personDigest: string,
): Promise<RecordedAddress[]> {
  const rows = await handle
    .selectFrom('addresses')
    .select(['kind', 'value', 'recorded_at'])
    .where('oid', '=', oid)
    .orderBy('kind', 'desc')
    .execute()
  const evidence = await handle.selectFrom('identity_evidence').select('covers').where('oid', '=', oid).execute()
  const covered = evidence.map(({ covers }) => JSON.parse(covers) as { person?: string; address?: string })
  return rows.map(({ kind, value, recorded_at }) => {
    const address = JSON.parse(open(key, addressPlace(oid, kind), value).toString('utf8')) as Address
    const digest = digestOf(key, 'address', addressLine(address))
    const proven = kind === 'registered' && covered.some((of) => of.person === personDigest && of.address === digest)
    return { address, recordedAt: recorded_at, proven }
  })
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
