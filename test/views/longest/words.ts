import type { FieldError } from '#src/http/context.ts'

/** What the rules let through at its longest, without a single place to break a line. */
export const name = 'Щ'.repeat(100)
export const email = `${'w'.repeat(64)}@${'w'.repeat(185)}.org`
export const service = 'Ж'.repeat(120)
export const purpose = `${'Ю'.repeat(120)} `.repeat(3)
export const phone = '+7\u00a0916\u00a0123-45-67'
export const token = 'x'.repeat(400)
export const client = { name: service, purpose }
export const base = '/login/uid'
export const asks = (count: number) => ({
  count,
  days: count,
  ttlMinutes: count,
  waitSeconds: count,
  resendSeconds: count,
})

export interface Fixture {
  readonly state?: string
  readonly model?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
  readonly typed?: Readonly<Record<string, string>>
}

export const consentItems = [
  { label: 'Щ'.repeat(60), value: name },
  { label: 'W', value: `${name} ${name} ${name}` },
  { label: 'E', value: email },
  { label: 'P', value: undefined },
]
export const summary = [
  { key: 'Щ'.repeat(40), value: `${name}-${name}`, changeHref: '/registration/name' },
  { key: 'E', value: email, changeHref: '/registration/email' },
  { key: 'P', value: phone, noBreak: true, changeHref: '/registration/phone' },
]
export const place = 'Южная Георгия и Южные Сандвичевы острова, 2001:0db8:85a3:0000:0000:8a2e:0370:7334'
