import type { Account } from '#src/accounts/account.ts'
import { wordedBirthDate } from '#src/accounts/fields/birth-date.ts'
import { maskEmail } from '#src/accounts/fields/email.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import type { Page, Routes } from '#src/http/context.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedDate, wordedTime } from '#src/kernel/locale.ts'
import type { Entrance } from './entrance.ts'

export interface HomeRoutesDeps {
  readonly entrance: Entrance
}

/** A line of the page; see `summaryRows` of the templates. */
interface Row {
  readonly key: string
  readonly value: string
  readonly noBreak?: boolean
  readonly changeHref?: string
}

/** The person's own data, and the way to stay while reading. */
export function homeRoutes(router: Routes, { entrance }: HomeRoutesDeps): void {
  router.get('/', (ctx) => leadTo(ctx, '/account'))

  router.get('/account', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const { page } = ctx.state
    const { account } = person
    person.show('cabinet/home', {
      person: personRows(account, page),
      contacts: contactRows(account, page),
      account: accountRows(account, page),
      hasPhone: account.phone !== undefined,
    })
  })

  // The script of the warning asks for it; each request of a page by its person starts the idle time anew.
  router.post('/stay', async (ctx) => {
    const person = await entrance.signedIn(ctx, { page: '/account' })
    if (!person) return
    ctx.set('Cache-Control', 'no-store')
    ctx.body = { seconds: person.closesInSeconds, until: wordedTime(person.closesAt, ctx.state.page.locale) }
  })
  router.get('/stay', (ctx) => leadTo(ctx, '/account'))
}

function personRows({ person }: Account, { t, locale }: Page): Row[] {
  const name = [person.familyName, person.givenName, person.patronymic].filter((part) => part !== undefined).join(' ')
  return [
    { key: t('consent.item.name'), value: name },
    { key: t('consent.item.birthdate'), value: wordedBirthDate(person.birthDate, locale) },
    { key: t('consent.item.gender'), value: t(`consent.gender.${person.gender}`) },
  ]
}

/** Masked: whoever looks over a shoulder need not learn where codes are sent to. */
function contactRows({ phone, email }: Account, { t }: Page): Row[] {
  const none = t('cabinet.contact_none')
  return [
    {
      key: t('consent.item.phone'),
      value: phone === undefined ? none : maskPhone(phone),
      noBreak: phone !== undefined,
      changeHref: '/account/contacts/phone',
    },
    {
      key: t('consent.item.email'),
      value: email === undefined ? none : maskEmail(email),
      changeHref: '/account/contacts/email',
    },
  ]
}

function accountRows(account: Account, { t, locale }: Page): Row[] {
  return [
    { key: t('consent.item.sub'), value: String(account.oid), noBreak: true },
    { key: t('cabinet.state'), value: t(`accounts.state.${account.state}`) },
    { key: t('cabinet.level'), value: t(`accounts.level.${account.identity.level}`) },
    { key: t('cabinet.registered'), value: wordedDate(account.registeredAt, locale) },
  ]
}
