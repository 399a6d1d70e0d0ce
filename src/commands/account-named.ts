import { z } from 'zod'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { one } from './command.ts'

/** Who acts, for the journal. */
export const actor = 'cli'
export const WHAT = 'the account by its number, phone or e-mail'

/** The owner of a blocked account reads it. */
export const reason = one(z.string().trim().min(3, 'say why, in three characters at least').max(300, 'is too long'))
export const Acting = z.strictObject({ reason })

export interface FindDeps {
  readonly accounts: Pick<Accounts, 'read' | 'stateOf' | 'ownerOf'>
  readonly closing: Pick<ClosingAccounts, 'find'>
}

/** @throws Error when nobody has it, or it was erased */
export async function findAccount(deps: FindDeps, word: string): Promise<Account> {
  return deps.accounts.read((await findNumber(deps, word)).oid)
}

/** The same without opening anything, which takes the account's data key. */
export async function findNumber({ accounts, closing }: FindDeps, word: string) {
  const oid = accountNumber(word) ?? (await holderOf(accounts, word))
  const state = oid === undefined ? undefined : await accounts.stateOf(oid)
  if (oid === undefined || state === undefined) throw new Error(`there is no account ${word}`)
  const end = await closing.find(oid)
  if (end?.erasedAt) throw new Error(`${oid} is erased, since ${dayOf(end.erasedAt)}`)
  return { oid, state, end }
}

/** In UTC. */
export const dayOf = (at: Date) => at.toISOString().slice(0, 10)

/** See AccountId. */
const LARGEST_ACCOUNT = 2 ** 31 - 1

/** What looks like one is never taken for a phone: those of Russia are written with +7 or 8 before. */
export function accountNumber(word: string): AccountId | undefined {
  return /^[12]\d{9}$/.test(word) && Number(word) <= LARGEST_ACCOUNT ? Number(word) : undefined
}

async function holderOf(accounts: Pick<Accounts, 'ownerOf'>, word: string): Promise<AccountId | undefined> {
  const email = parseEmail(word)
  if (email.ok) return accounts.ownerOf('email', email.value)
  const phone = parsePhone(word)
  return phone.ok ? accounts.ownerOf('phone', phone.value) : undefined
}
