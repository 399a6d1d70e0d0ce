import type { Account } from '#src/accounts/account.ts'
import { documentKinds, summaryOf } from '#src/accounts/documents/kinds.ts'
import { formatAddress, maskAddress } from '#src/accounts/fields/address.ts'
import { formatCountry } from '#src/accounts/fields/country.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { maskEmail } from '#src/accounts/fields/email.ts'
import { maskInn } from '#src/accounts/fields/inn.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import { formatSnils, maskSnils } from '#src/accounts/fields/snils.ts'
import type { Page, Routes } from '#src/http/context.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedDate, wordedTime } from '#src/kernel/locale.ts'
import type { Entrance } from './entrance.ts'
import { IDENTITY } from './identity/subjects.ts'

export interface HomeRoutesDeps {
  readonly entrance: Entrance
}

/** What is masked until it is opened, each by its own link. */
const openable = ['snils', 'inn', 'document', 'registered', 'actual'] as const
type Openable = (typeof openable)[number]

/** A line of the page; see `dataRows` of views/cabinet/identity/_data.njk. */
interface Row {
  readonly key: string
  readonly value: string
  readonly noBreak?: boolean
  readonly changeHref?: string
  /** Shows or masks this line. */
  readonly openHref?: string
  readonly isOpen?: boolean
}

/** The person's own data, and the way to stay while reading. */
export function homeRoutes(router: Routes, { entrance }: HomeRoutesDeps): void {
  router.get('/', (ctx) => leadTo(ctx, '/account'))

  router.get('/account', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const { page } = ctx.state
    const { account } = person
    const open = openable.find((one) => one === ctx.query.open)
    const { level, lacks } = account.identity
    person.show('cabinet/home', {
      level: {
        name: page.t(`accounts.level.${level}`),
        opens: page.t(`identity.opens.${level}`),
        next: level !== 'verified',
        unproven: lacks.includes('proof_again'),
      },
      person: personRows(account, page),
      identifiers: identifierRows(account, page, open),
      documents: documentLists(account, page, open),
      addresses: addressRows(account, page, open),
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
  const { citizenship } = person
  return [
    { key: t('consent.item.name'), value: name, changeHref: `${IDENTITY}/name` },
    {
      key: t('consent.item.birthdate'),
      value: formatDate(person.birthDate),
      changeHref: `${IDENTITY}/birth-date`,
    },
    { key: t('consent.item.gender'), value: t(`consent.gender.${person.gender}`), changeHref: `${IDENTITY}/gender` },
    ...(citizenship === undefined
      ? []
      : [{ key: t('documents.field.citizenship'), value: formatCountry(citizenship, locale) }]),
  ]
}

/** The link that shows one masked line or masks it again; the rest of the page stays as it is. */
function opening(what: Openable, open: Openable | undefined): Pick<Row, 'openHref' | 'isOpen'> {
  return { openHref: what === open ? '/account' : `/account?open=${what}`, isOpen: what === open }
}

function identifierRows({ person }: Account, { t }: Page, open: Openable | undefined): Row[] {
  const { snils, inn } = person
  const none = t('identity.not_given')
  const masked = (what: 'snils' | 'inn', value: string, shown: string, hidden: string): Row => ({
    key: t(`identity.${what}`),
    value: open === what ? shown : hidden,
    noBreak: value !== '',
    changeHref: `${IDENTITY}/${what}`,
    ...opening(what, open),
  })
  return [
    snils === undefined
      ? { key: t('identity.snils'), value: none, changeHref: `${IDENTITY}/snils` }
      : masked('snils', snils, formatSnils(snils), maskSnils(snils)),
    inn === undefined
      ? { key: t('identity.inn'), value: none, changeHref: `${IDENTITY}/inn` }
      : masked('inn', inn, inn, maskInn(inn)),
  ]
}

function documentLists({ documents }: Account, { t, locale }: Page, open: Openable | undefined) {
  return documents.map(({ document }) => ({
    title: t(documentKinds[document.kind].label),
    ...opening('document', open),
    changeHref: `${IDENTITY}/document/${document.kind}`,
    rows: summaryOf(document, locale).map(({ label, text, masked }) => ({
      key: t(label),
      value: open === 'document' ? text : masked,
    })),
  }))
}

function addressRows({ addresses }: Account, { t }: Page, open: Openable | undefined): Row[] {
  return (['registered', 'actual'] as const).map((kind) => {
    const address = addresses.find((recorded) => recorded.address.kind === kind)?.address
    const changeHref = kind === 'registered' ? `${IDENTITY}/address` : `${IDENTITY}/actual-address`
    const key = t(`identity.address_${kind}`)
    if (!address) return { key, value: t('identity.not_given'), changeHref }
    return {
      key,
      value: open === kind ? formatAddress(address) : maskAddress(address),
      changeHref,
      ...opening(kind, open),
    }
  })
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
    { key: t('cabinet.registered'), value: wordedDate(account.registeredAt, locale) },
  ]
}
