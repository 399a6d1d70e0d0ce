import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { Person } from '#src/accounts/person.ts'

/** A contact and whether its code was entered. */
export interface AnsweredContact {
  readonly value: string
  readonly confirmed: boolean
}

/** What was answered so far; any of it may be missing. Kept sealed until the account exists. */
export interface Answers {
  readonly phone?: AnsweredContact
  readonly email?: AnsweredContact | 'skipped'
  /** The contact whose right code was entered although an account has it; another one is needed. */
  readonly clash?: ContactKind
  readonly names?: Pick<Person, 'familyName' | 'givenName' | 'patronymic'>
  readonly birthDate?: string
  readonly gender?: Person['gender']
  /** PHC string. */
  readonly passwordHash?: string
}

/** One thing per page, in this order; each is the last part of its page's path. */
export const steps = [
  'phone',
  'phone-code',
  'email',
  'email-code',
  'name',
  'birth-date',
  'gender',
  'password',
  'check',
] as const
export type Step = (typeof steps)[number]

/** The first step that lacks its answer; `check` when nothing does. */
export function nextStep(answers: Answers): Step {
  const { phone, email, clash, names, birthDate, gender, passwordHash } = answers
  if (!phone || clash === 'phone') return 'phone'
  if (!phone.confirmed) return 'phone-code'
  if (!email || clash === 'email') return 'email'
  if (email !== 'skipped' && !email.confirmed) return 'email-code'
  if (!names) return 'name'
  if (!birthDate) return 'birth-date'
  if (!gender) return 'gender'
  return passwordHash ? 'check' : 'password'
}

/** Whether a page may be shown: all steps before it are done, and a code is asked for only while it is awaited. */
export function isOpen(step: Step, answers: Answers): boolean {
  const next = nextStep(answers)
  if (step === 'phone-code' || step === 'email-code') return step === next
  return steps.indexOf(step) <= steps.indexOf(next)
}

/** The contact as it was answered; undefined where it was not or was skipped. */
export function contactOf(answers: Answers, kind: ContactKind): AnsweredContact | undefined {
  const contact = answers[kind]
  return contact === 'skipped' ? undefined : contact
}

/** A password must have nothing of its owner in it, which a hash cannot tell: a change of what it depends on asks for it again. */
function changing(answers: Answers, change: Partial<Answers>): Answers {
  const { passwordHash: _asked, ...kept } = answers
  return { ...kept, ...change }
}

/** A new contact is unconfirmed; the one that was there already stays as it is. */
export function withContact(answers: Answers, kind: ContactKind, value: string): Answers {
  if (contactOf(answers, kind)?.value === value && answers.clash !== kind) return answers
  return changing(answers, { [kind]: { value, confirmed: false }, clash: undefined })
}

export function withoutEmail(answers: Answers): Answers {
  return { ...answers, email: 'skipped', clash: undefined }
}

export function withConfirmed(answers: Answers, kind: ContactKind): Answers {
  const contact = contactOf(answers, kind)
  return contact ? { ...answers, [kind]: { ...contact, confirmed: true } } : answers
}

export function withClash(answers: Answers, kind: ContactKind): Answers {
  const contact = contactOf(answers, kind)
  return contact ? { ...answers, [kind]: { ...contact, confirmed: false }, clash: kind } : answers
}

export function withNames(answers: Answers, names: NonNullable<Answers['names']>): Answers {
  return changing(answers, { names })
}

export function withBirthDate(answers: Answers, birthDate: string): Answers {
  return changing(answers, { birthDate })
}

/** A whole set of answers, ready to become an account. */
export interface CompleteAnswers {
  readonly person: Person
  readonly phone: string
  readonly email?: string
  readonly passwordHash: string
}

/** @returns undefined while a step lacks its answer */
export function completeAnswers(answers: Answers): CompleteAnswers | undefined {
  const { phone, names, birthDate, gender, passwordHash } = answers
  if (nextStep(answers) !== 'check' || !phone || !names || !birthDate || !gender || !passwordHash) return undefined
  const email = contactOf(answers, 'email')?.value
  return {
    person: { ...names, birthDate, gender },
    phone: phone.value,
    ...(email !== undefined && { email }),
    passwordHash,
  }
}
