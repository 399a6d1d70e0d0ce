import type { Account } from '#src/accounts/account.ts'
import type { Address } from '#src/accounts/fields/address.ts'
import { addressLine } from '#src/accounts/identity/addresses.ts'
import { digestOf } from '#src/accounts/identity/digests.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'

/** What the record said when the letter was ordered, as digests; kept with the request. */
export interface OrderedFor {
  readonly letter: { readonly person: string; readonly address: string }
}

/** @param key the account's data key @param address where the letter goes */
export function orderedFor(key: Buffer, { person }: Pick<Account, 'person'>, address: Address): OrderedFor {
  return {
    letter: { person: digestOf(key, 'person', person), address: digestOf(key, 'address', addressLine(address)) },
  }
}

/**
 * Where a registry found this person registered, if it is still the person and the address that the letter was ordered for: it speaks of
 * those, and not of what the record says by now. After another SNILS that is nowhere: the letter went to a namesake's.
 */
export function addressOrdered(
  key: Buffer,
  account: Pick<Account, 'person' | 'addresses' | 'identity'>,
  ordered: OrderedFor | undefined,
): Address | undefined {
  const address = provenAddressOf(account)
  if (!address || !ordered) return undefined
  const now = orderedFor(key, account, address).letter
  const { person, address: line } = ordered.letter
  return now.person === person && now.address === line ? address : undefined
}
