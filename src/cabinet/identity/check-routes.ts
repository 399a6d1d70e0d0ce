import { z } from 'zod'
import type { Account } from '#src/accounts/account.ts'
import type { DocumentKindName } from '#src/accounts/documents/document.ts'
import { documentKinds, summaryOf } from '#src/accounts/documents/kinds.ts'
import { formatAddress } from '#src/accounts/fields/address.ts'
import { formatDate } from '#src/accounts/fields/date.ts'
import { formatSnils } from '#src/accounts/fields/snils.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, FieldError, Page, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import type { Opened, Requests } from '#src/proofing/proofing.ts'
import type { CheckedKind, Proposal } from '#src/proofing/request.ts'
import { groupedNumber } from '#src/proofing/request-number.ts'
import { type SignedIn, sensitive } from '../entrance.ts'
import { readAddress, readCore, readInn } from './answers.ts'
import { identityErrors } from './errors.ts'
import { nextPath, type QuestionDeps, readerOf } from './question-routes.ts'
import { IDENTITY, isEarly, REQUESTS, type Subject, subjects } from './subjects.ts'

export interface CheckDeps extends QuestionDeps {
  readonly requests: Pick<Requests, 'open'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
}

const Empty = z.object({})

/** A line of the page; see `summaryRows` of the templates. */
interface Row {
  readonly key: string
  readonly value: string
  readonly changeHref?: string
}

/** What would be sent, or the page on which something is still to be told. */
type Sendable = { readonly kind: CheckedKind; readonly proposal: Proposal } | { readonly to: string }

/** "Check what you have entered", and the sending of it, which takes the strongest sign-in (R-A8). */
export function checkRoutes(router: Routes, deps: CheckDeps): void {
  for (const subject of Object.keys(subjects) as Subject[]) subjectRoutes(router, subject, deps)
}

function subjectRoutes(router: Routes, subject: Subject, deps: CheckDeps): void {
  const { check } = subjects[subject]

  async function sendable(account: Account): Promise<Sendable> {
    const { answers, drafted, request } = await deps.subjects.standing(account, subject)
    // Sent already, by a double click or from another tab.
    if (!drafted && request?.state === 'checking') return { to: `${REQUESTS}/${request.id}` }
    const isEmpty = Object.keys(answers).length === 0
    // What hangs over the record goes when its present values are confirmed again; nothing has to be typed for that.
    if (isEmpty && subject === 'core' && account.identity.lacks.includes('core_change'))
      return { kind: 'recheck', proposal: {} }
    if (isEmpty || isEarly(subject, account)) return { to: IDENTITY }
    if (subject === 'core') {
      const { kind, proposal, pages } = readCore(answers, readerOf(account, deps))
      return pages.length > 0 ? { to: nextPath(pages) } : { kind, proposal }
    }
    const form = check.replace(/\/check$/, '')
    if (subject === 'inn') {
      const inn = readInn(answers.inn ?? '')
      return inn.ok ? { kind: 'inn', proposal: { inn: inn.value } } : { to: form }
    }
    const read = readAddress(subject === 'address' ? 'registered' : 'actual', answers)
    return read.ok ? { kind: 'address', proposal: { address: read.address } } : { to: form }
  }

  function show(
    ctx: Ctx,
    person: SignedIn,
    { proposal }: { proposal: Proposal },
    error?: FieldError,
    status = 422,
  ): void {
    const rows = rowsOf(subject, person.account, proposal, ctx.state.page)
    person.show(
      'cabinet/identity/check',
      { rows, action: check, isCore: subject === 'core', back: IDENTITY },
      {
        ...(error && { status, errors: [error] }),
      },
    )
  }

  async function enter(ctx: Ctx) {
    const person = await deps.entrance.signedIn(ctx, { ...sensitive, page: check })
    if (!person) return undefined
    const found = await sendable(person.account)
    if (!('to' in found)) return { person, found }
    leadTo(ctx, found.to)
    return undefined
  }

  // The page shows numbers whole, and asks for the strong sign-in before its button is pressed and not after.
  router.get(check, async (ctx) => {
    const now = await enter(ctx)
    if (now) show(ctx, now.person, now.found)
  })

  router.post(check, async (ctx) => {
    const now = await enter(ctx)
    if (!now) return
    const { person, found } = now
    const form = readForm(ctx, Empty)
    if (!form.ok) return show(ctx, person, found, form.errors[0])
    const { oid, session: origin } = person
    const opened = await deps.requests.open(await deps.ownerNotices.ownerOf(oid), { ...found, origin })
    if (!opened.ok) return show(ctx, person, found, refusalOf(opened, ctx.state.page), statusOf(opened))
    await deps.subjects.drop(oid, subject)
    leadTo(ctx, `${REQUESTS}/${opened.request.id}?sent=1`)
  })
}

const errors = {
  open: identityErrors.already_open,
  too_many: identityErrors.too_many,
  same: identityErrors.same,
} as const

type Refused = Extract<Opened, { ok: false }>

export const statusOf = ({ why }: Refused) => errors[why].status

export function refusalOf(opened: Refused, { locale }: Page): FieldError {
  const { code } = errors[opened.why]
  if (opened.why === 'open') return { field: '', code, values: { number: groupedNumber(opened.request.number) } }
  if (opened.why === 'too_many') return { field: '', code, values: { moment: wordedMoment(opened.retryAt, locale) } }
  return { field: '', code }
}

/** What will be sent, whole: only here can a mistake be seen. */
function rowsOf(subject: Subject, account: Account, proposal: Proposal, { t, locale }: Page): Row[] {
  const { snils, document, inn, address } = proposal
  const rows: Row[] = []
  if (subject === 'core') {
    const person = { ...account.person, ...proposal.person }
    const name = [person.familyName, person.givenName, person.patronymic].filter(Boolean).join(' ')
    rows.push(
      { key: t('consent.item.name'), value: name, changeHref: `${IDENTITY}/name` },
      {
        key: t('consent.item.birthdate'),
        value: formatDate(person.birthDate),
        changeHref: `${IDENTITY}/birth-date`,
      },
      {
        key: t('consent.item.gender'),
        value: t(`consent.gender.${person.gender}`),
        changeHref: `${IDENTITY}/gender`,
      },
    )
  }
  if (document) {
    const kind: DocumentKindName = document.kind
    const changeHref = `${IDENTITY}/document/${kind}`
    rows.push({ key: t('identity.document'), value: t(documentKinds[kind].label), changeHref: `${IDENTITY}/document` })
    for (const { label, text } of summaryOf(document, locale)) rows.push({ key: t(label), value: text, changeHref })
  }
  if (snils !== undefined)
    rows.push({ key: t('identity.snils'), value: formatSnils(snils), changeHref: `${IDENTITY}/snils` })
  if (inn !== undefined) {
    const value = inn.length === 4 ? t('identity.inn_tail', { digits: inn }) : inn
    rows.push({ key: t('identity.inn'), value, changeHref: `${IDENTITY}/inn` })
  }
  if (address) {
    const registered = address.kind === 'registered'
    const changeHref = registered ? `${IDENTITY}/address` : `${IDENTITY}/actual-address`
    rows.push({ key: t(`identity.address_${address.kind}`), value: formatAddress(address), changeHref })
  }
  return rows
}
