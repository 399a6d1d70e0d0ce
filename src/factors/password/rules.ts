import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import { passwordRuleErrors as errors } from './errors.ts'
import { inLatinLayout } from './keyboard.ts'
import { loadStrength } from './strength.ts'

/** What a password may not contain. Phone is E.164, birth date ISO 8601. */
export interface PasswordOwner {
  readonly names: readonly string[]
  readonly birthDate: string
  readonly phone: string
  readonly email?: string
}

export type PasswordCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly values: MessageValues }

const LONGEST = 128
/** Shorter names are part of too many words; they are refused only where they stand alone. */
const TELLING_NAME = 4
const TELLING_LOCAL_PART = 4

/**
 * The rules of a new password (NIST SP 800-63B §3.1.1.2): length, strength, nothing of its owner in it; no composition rules.
 * @param minLength code points after normalisation
 */
export async function checkPassword(
  password: string,
  { minLength, person }: { readonly minLength: number; readonly person: PasswordOwner },
): Promise<PasswordCheck> {
  // Before the work of normalising; four times the limit is room for characters that come in parts.
  if (password.length > LONGEST * 4) return refused(errors.too_long, { max: LONGEST })
  // As it is hashed.
  const text = password.normalize('NFKC')
  const length = Array.from(text).length
  if (length === 0) return refused(errors.missing)
  if (length < minLength) return refused(errors.too_short, { min: minLength })
  if (length > LONGEST) return refused(errors.too_long, { max: LONGEST })
  const personal = personalIn(text, person)
  if (personal) return refused(personal)
  const strength = await loadStrength()
  const weakness = strength(text, hintsOf(person))
  return weakness ? refused(errors[weakness]) : { ok: true }
}

function refused(error: DefinedError, values: MessageValues = {}): PasswordCheck {
  return { ok: false, code: error.code, values }
}

function personalIn(password: string, { names, birthDate, phone, email }: PasswordOwner): DefinedError | undefined {
  const text = folded(password)
  const digits = text.replace(/(?<=\d)[\s().,/_-]+(?=\d)/g, '')
  if (wordsOf(names).some((name) => hasName(text, name))) return errors.personal_name
  if (writingsOfDate(birthDate).some((date) => digits.includes(date))) return errors.personal_birth_date
  if (digits.includes(phone.slice(-7))) return errors.personal_phone
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
  return [...words, ...words.map(inLatinLayout), birthDate.slice(0, 4), phone.slice(1), ...(email?.split(/[@.]/) ?? [])]
}
