import type { ContactKind } from '#src/accounts/contact-store.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { formatPhone } from '#src/accounts/fields/phone.ts'
import type { Ctx, RenderOptions } from '#src/http/context.ts'
import type { Translate } from '#src/kernel/locale.ts'
import { CONSENT_VERSION } from './consent.ts'
import { type Answers, contactOf, type Step, type steps } from './registration.ts'
import type { Draft } from './store.ts'

/** What the pages of the wizard show besides the answers. */
export interface StepFacts {
  readonly emailRequired: boolean
  readonly passwordMinLength: number
  /** Seconds until a further code can be sent; 0: at once. */
  readonly waitSeconds?: number
  readonly sentAgain?: boolean
}

/** Renders the page of one step, with what was answered there before. */
export function renderStep(ctx: Ctx, step: Step, draft: Draft, facts: StepFacts, options?: RenderOptions): void {
  const { page } = ctx.state
  page.render(`registration/${step}`, { ...modelOf(step, draft, page.t), ...facts }, options)
}

function modelOf(step: Step, { answers, version }: Draft, t: Translate): Record<string, unknown> {
  switch (step) {
    case 'phone':
      return { phone: shown(answers, 'phone') }
    case 'phone-code':
      return { contact: shown(answers, 'phone') }
    case 'email':
      return { email: shown(answers, 'email') }
    case 'email-code':
      return { contact: shown(answers, 'email') }
    case 'name':
      return { ...answers.names }
    case 'birth-date':
      return { birthDate: answers.birthDate && formatDate(answers.birthDate) }
    case 'gender':
      return { gender: answers.gender }
    case 'password':
      return {}
    case 'check':
      return { rows: summary(answers, t), version, consentVersion: CONSENT_VERSION }
  }
}

/** A contact as people read it. */
export function shown(answers: Answers, kind: ContactKind): string | undefined {
  const value = contactOf(answers, kind)?.value
  return value !== undefined && kind === 'phone' ? formatPhone(value) : value
}

const GENDER_TEXTS = { female: 'registration.gender_female', male: 'registration.gender_male' } as const

function summary(answers: Answers, t: Translate) {
  const { names, birthDate, gender } = answers
  const row = (key: string, step: (typeof steps)[number], value: string | undefined, noBreak = false) => ({
    key: t(key),
    value: value || t('registration.not_given'),
    noBreak,
    changeHref: `/registration/${step}`,
  })
  return [
    row('registration.phone_label', 'phone', shown(answers, 'phone'), true),
    row('registration.email_label', 'email', shown(answers, 'email')),
    row('registration.family_name_label', 'name', names?.familyName),
    row('registration.given_name_label', 'name', names?.givenName),
    row('registration.patronymic_label', 'name', names?.patronymic),
    row('registration.birth_date_label', 'birth-date', birthDate && formatDate(birthDate)),
    row('registration.gender_label', 'gender', gender && t(GENDER_TEXTS[gender])),
    row('registration.password_label', 'password', '••••••••', true),
  ]
}
