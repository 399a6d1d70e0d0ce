import type { Account } from '#src/accounts/account.ts'
import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { validUntil } from '#src/accounts/documents/kinds.ts'
import { type Address, formatAddress } from '#src/accounts/fields/address.ts'
import { addressOf, provenDataOf } from '#src/accounts/identity/proven-data.ts'

/**
 * How well a person is proven, and the claims that rest on it: SNILS (eleven digits), INN (twelve) and identity document only where the
 * registries have confirmed them. Absent is what is not on record.
 */
export function identityClaimsOf(account: Account): Record<string, unknown> {
  const { snils, inn, document } = provenDataOf(account)
  const address = addressOf(account)
  return {
    identity_level: account.identity.level,
    ...(snils !== undefined && { snils }),
    ...(inn !== undefined && { inn }),
    ...(document && { id_doc: documentClaim(document, account) }),
    ...(address && { address: addressClaim(address) }),
  }
}

/** Dates are ISO 8601, countries ISO 3166-1 alpha-3. */
function documentClaim(document: IdentityDocument, { person }: Account): Record<string, string> {
  const { kind, number, issuedOn } = document
  const expiresOn = validUntil(document, person)
  return {
    kind,
    ...('series' in document && document.series !== undefined && { series: document.series }),
    number,
    date_of_issuance: issuedOn,
    ...(expiresOn !== undefined && { date_of_expiry: expiresOn }),
    ...('issuer' in document && { issuer: document.issuer }),
    ...('departmentCode' in document && { department_code: document.departmentCode }),
    country: 'country' in document ? document.country : 'RUS',
  }
}

/** OpenID Connect Core, section 5.1.1; of an address that was typed freely there is the text alone. */
function addressClaim(address: Address): Record<string, string> {
  const { postcode, region, city, street, house, flat } = address
  const lines = [street, house, flat].filter((part) => part !== undefined)
  return {
    formatted: formatAddress(address),
    ...(lines.length > 0 && { street_address: lines.join(', ') }),
    ...(city !== undefined && { locality: city }),
    ...(region !== undefined && { region }),
    ...(postcode !== undefined && { postal_code: postcode }),
  }
}
