import { parseEmail } from '#src/accounts/fields/email.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { parseSnils } from '#src/accounts/fields/snils.ts'

export type IdentifierKind = 'phone' | 'email' | 'snils'

/** What an identifier typed at a sign-in stands for. */
export interface Identifier {
  /** Under which wrong passwords for it are counted: the same for every spelling. */
  readonly key: string
  /** Whoever holds the first is meant; where nobody does, whoever holds the second. As many whether anybody holds them or not. */
  readonly meanings: readonly [Meaning, Meaning?]
}

export interface Meaning {
  readonly kind: IdentifierKind
  /** E.164, an address in lower case, or eleven digits; empty for what is nothing of these, which nobody holds. */
  readonly value: string
}

/** As it is printed on the card, whatever separates the groups; no telephone number is written so. */
const GROUPS_OF_SNILS = /^\D*\d{3}\D+\d{3}\D+\d{3}\D+\d{2}\D*$/

/**
 * Reads an identifier as people write it, by these rules:
 * - What is an e-mail address is one; nothing else has an @.
 * - Eleven digits with the right check number are a SNILS, unless they begin with 7 or 8 and may be a Russian telephone number as well.
 * - Those are a SNILS where they are grouped 3-3-3-2 as on its card. In any other form they are the telephone number, or the SNILS where
 *   nobody holds that number: one in a hundred numbers typed with 8 passes as a SNILS, and its owner must not be kept out.
 * - Whatever has a plus, brackets, ten digits, or a wrong check number can only be a telephone number.
 */
export function readIdentifier(typed: string): Identifier {
  const email = parseEmail(typed)
  if (email.ok) return { key: email.value, meanings: [{ kind: 'email', value: email.value }] }
  const phone = parsePhone(typed)
  const snils = parseSnils(typed)
  const asPhone = { kind: 'phone', value: phone.ok ? phone.value : '' } as const
  if (!snils.ok) return { key: phone.ok ? phone.value : plain(typed), meanings: [asPhone] }
  const asSnils = { kind: 'snils', value: snils.value } as const
  const isOneOnly = !phone.ok || GROUPS_OF_SNILS.test(typed)
  return { key: attemptKey('snils', snils.value), meanings: isOneOnly ? [asSnils] : [asPhone, asSnils] }
}

/**
 * Under which wrong passwords for a contact or SNILS are counted. A SNILS that may be a telephone number shares its count, or the two ways
 * to write it would lend a guesser twice as many.
 */
export function attemptKey(kind: IdentifierKind, value: string): string {
  const phone = kind === 'snils' ? parsePhone(value) : undefined
  return phone?.ok ? phone.value : value
}

const plain = (typed: string) => typed.toLowerCase().replace(/\s/g, '')
