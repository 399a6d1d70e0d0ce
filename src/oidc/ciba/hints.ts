import { errors } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'

const LARGEST_ACCOUNT_NUMBER = 2_147_483_647

/**
 * Whom a `login_hint` names: a phone, an e-mail address, or an account number.
 * @returns NOBODY for a well-formed hint that no account has; the client is not told
 * @throws InvalidRequest for what is none of the three
 */
export async function hinted(hint: string, accounts: Pick<Accounts, 'ownerOf'>): Promise<AccountId> {
  const number = accountNumber(hint)
  if (number !== NOBODY) return number
  const email = parseEmail(hint)
  if (email.ok) return (await accounts.ownerOf('email', email.value)) ?? NOBODY
  const phone = parsePhone(hint)
  if (phone.ok) return (await accounts.ownerOf('phone', phone.value)) ?? NOBODY
  throw new errors.InvalidRequest('login_hint must be a phone number like +79161234567, an e-mail address or a sub')
}

/** A subject as an account number; NOBODY for what can be none, such as a pairwise subject. Russian numbers of ten digits begin with others. */
export function accountNumber(sub: string): AccountId {
  return /^[12]\d{9}$/.test(sub) && Number(sub) <= LARGEST_ACCOUNT_NUMBER ? Number(sub) : NOBODY
}
