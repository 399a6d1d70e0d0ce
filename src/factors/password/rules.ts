import type { Account } from '#src/accounts/account.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { Realm } from '#src/kernel/realms.ts'
import { passwordRuleErrors as errors } from './errors.ts'
import { inLatinLayout } from './keyboard.ts'
import type { LeakedPasswords } from './leaked/leaked-passwords.ts'
import type { PasswordProfiles } from './profile.ts'
import { loadStrength } from './strength.ts'

/** What a password may not contain. Phone is E.164, birth date ISO 8601. */
export interface PasswordOwner {
  readonly names: readonly string[]
  readonly birthDate: string
  readonly phone?: string
  readonly email?: string
}

export function passwordOwnerOf({ person, phone, email }: Pick<Account, 'person' | 'phone' | 'email'>): PasswordOwner {
  const { familyName, givenName, patronymic = '', birthDate } = person
  const contacts = { ...(phone !== undefined && { phone }), ...(email !== undefined && { email }) }
  return { names: [familyName, givenName, patronymic], birthDate, ...contacts }
}

export type PasswordCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly values: MessageValues }

const LONGEST = 128
/** Shorter names are part of too many words; they are refused only where they stand alone. */
const TELLING_NAME = 4
const TELLING_LOCAL_PART = 4

/** The rules of a new password that need no account: registration asks them too. */
export interface PasswordRules {
  /** Code points that a password of the realm has at least, for the hint beside the field. */
  minLength(realm: Realm): number
  check(password: string, realm: Realm, owner: PasswordOwner): Promise<PasswordCheck>
}

/** NIST SP 800-63B-4, section 3.1.1.2: length, strength, nothing of its owner in it, not leaked; composition where the realm wants it. */
export function makePasswordRules({
  profiles,
  leaked,
}: {
  profiles: PasswordProfiles
  leaked: LeakedPasswords
}): PasswordRules {
  return {
    minLength: (realm) => profiles[realm].minLength,
    async check(password, realm, owner) {
      const { minLength, composed } = profiles[realm]
      // Before the work of normalising; four times the limit is room for characters that come in parts.
      if (password.length > LONGEST * 4) return refused(errors.too_long, { max: LONGEST })
      // As it is hashed.
      const text = password.normalize('NFKC')
      const length = Array.from(text).length
      if (length === 0) return refused(errors.missing)
      if (length < minLength) return refused(errors.too_short, { min: minLength })
      if (length > LONGEST) return refused(errors.too_long, { max: LONGEST })
      if (composed && !isComposed(text)) return refused(errors.composition)
      const personal = personalIn(text, owner)
      if (personal) return refused(personal)
      const strength = await loadStrength()
      const weakness = strength(text, hintsOf(owner))
      if (weakness) return refused(errors[weakness])
      return leaked.has(password) ? refused(errors.leaked) : { ok: true }
    },
  }
}

/** A capital letter, a small one, a digit and another sign: an alphabet of seventy characters and more (FSTEC, ИАФ.4). */
function isComposed(text: string): boolean {
  return [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u].every((kind) => kind.test(text))
}

function refused(error: DefinedError, values: MessageValues = {}): PasswordCheck {
  return { ok: false, code: error.code, values }
}

function personalIn(password: string, { names, birthDate, phone, email }: PasswordOwner): DefinedError | undefined {
  const text = folded(password)
  const digits = text.replace(/(?<=\d)[\s().,/_-]+(?=\d)/g, '')
  if (wordsOf(names).some((name) => hasName(text, name))) return errors.personal_name
  if (writingsOfDate(birthDate).some((date) => digits.includes(date))) return errors.personal_birth_date
  if (phone !== undefined && digits.includes(phone.slice(-7))) return errors.personal_phone
  const localPart = email?.slice(0, email.lastIndexOf('@')) ?? ''
  if (localPart.length >= TELLING_LOCAL_PART && text.includes(folded(localPart))) return errors.personal_email
  return undefined
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е')
}

function wordsOf(names: readonly string[]): string[] {
  return names.flatMap((name) => folded(name).split(/[ '-]/)).filter((word) => word.length > 1)
}

function hasName(text: string, name: string): boolean {
  if (name.length >= TELLING_NAME) return text.includes(name) || text.includes(inLatinLayout(name))
  return text.split(/\P{L}+/u).includes(name)
}

/** `1985-03-27` → `27031985`, `19850327`, `03271985`, `270385`, `850327`. */
function writingsOfDate(iso: string): string[] {
  const [year = '', month = '', day = ''] = iso.split('-')
  const short = year.slice(2)
  return [day + month + year, year + month + day, month + day + year, day + month + short, short + month + day]
}

/** Words that a guesser who knows the owner would begin with; the estimator takes them for the most common ones. */
function hintsOf({ names, birthDate, phone, email }: PasswordOwner): string[] {
  const words = wordsOf(names)
  const contacts = [...(phone ? [phone.slice(1)] : []), ...(email?.split(/[@.]/) ?? [])]
  return [...words, ...words.map(inLatinLayout), birthDate.slice(0, 4), ...contacts]
}
