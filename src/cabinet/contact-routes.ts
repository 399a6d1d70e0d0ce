import { z } from 'zod'
import type { ContactChanges, ContactOutcome } from '#src/accounts/contact-changes.ts'
import { CONTACT_CHANGE } from '#src/accounts/contact-changes.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import { contactErrors } from '#src/accounts/errors.ts'
import { maskEmail, parseEmail } from '#src/accounts/fields/email.ts'
import { maskPhone, parsePhone } from '#src/accounts/fields/phone.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, FieldError, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { satisfies } from '#src/kernel/levels.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import type { Store } from '#src/store/store.ts'
import { type ContactCodeDeps, contactCodeRoutes, proposerOf, type Standing, type Way } from './contact-code-routes.ts'
import type { ContactLevels } from './contact-levels.ts'
import { type Entrance, sensitive, sensitiveOrLater } from './entrance.ts'
import { stopWaiting } from './stopping.ts'

export interface ContactRoutesDeps extends ContactCodeDeps {
  readonly entrance: Entrance
  readonly changes: Pick<ContactChanges, 'change'>
  readonly delayedChanges: Pick<DelayedChanges, 'waiting' | 'stop'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
  readonly store: Store
  /** What the account's authenticators reach, all of them and those that do not go to its phone. */
  readonly levels: (oid: AccountId) => Promise<ContactLevels>
}

const ways: readonly Way[] = [
  { base: '/account/contacts/phone', kind: 'phone', lost: false },
  { base: '/account/contacts/lost-phone', kind: 'phone', lost: true },
  { base: '/account/contacts/email', kind: 'email', lost: false },
]

const forms = {
  phone: z.object({ phone: z.string().default('') }),
  email: z.object({ email: z.string().default('') }),
  stop: z.object({ id: z.string().default('') }),
  empty: z.object({}),
} as const

const DONE = ['changed', 'removed', 'waits', 'stopped'] as const

/** The phone and the e-mail of an account, each changed by a code sent to the new one. */
export function contactChangeRoutes(router: Routes, deps: ContactRoutesDeps): void {
  for (const way of ways) wayRoutes(router, way, deps)
}

function wayRoutes(router: Routes, way: Way, deps: ContactRoutesDeps): void {
  const { base, kind, lost } = way
  const { entrance, proposals, changes, delayedChanges, ownerNotices, store } = deps

  /** @returns undefined when the answer is a redirect, to the sign-in or to where a phone is changed at once */
  async function enter(ctx: Ctx, keep: readonly string[] = []): Promise<Standing | undefined> {
    const page = { ...(keep.length > 0 && { keep }), page: base }
    const anybody = await entrance.signedIn(ctx, lost ? page : { ...sensitiveOrLater, ...page })
    if (!anybody) return undefined
    const { highest, withoutPhone } = await deps.levels(anybody.oid)
    if (!lost) return { person: anybody, weak: anybody.weak || !satisfies(anybody.level, 'aal2') }
    if (satisfies(withoutPhone, highest)) {
      leadTo(ctx, '/account/contacts/phone')
      return undefined
    }
    const { maxAgeSeconds } = sensitive
    const person = await entrance.signedIn(ctx, { level: withoutPhone, maxAgeSeconds: maxAgeSeconds!, ...page })
    const strong = person && satisfies(person.level, 'aal2') && satisfies(person.level, highest)
    return person && { person, weak: !strong }
  }

  async function show(ctx: Ctx, { person, weak }: Standing, options?: RenderOptions): Promise<void> {
    const { account } = person
    const { locale } = ctx.state.page
    const waiting = (await delayedChanges.waiting(person.oid)).filter((change) => change.kind === CONTACT_CHANGE)
    const current = account[kind]
    const model = {
      base,
      kind,
      weak,
      current: current && shortened(kind, current),
      waiting: waiting.map(({ id, dueAt }) => ({ id, dueAt: wordedMoment(dueAt, locale) })),
      stoppable: !lost,
      removable: kind === 'email' && current !== undefined && account.phone !== undefined,
      done: DONE.find((done) => done === ctx.query.done),
    }
    person.show('cabinet/contact', model, options)
  }

  /** Where a change leads that was carried out or waits, and what stands in its way otherwise. */
  function after({ kind: outcome }: ContactOutcome, done: 'changed' | 'removed'): string | FieldError {
    if (outcome === 'clash') return `${base}/clash`
    if (outcome === 'busy') return { field: '', code: contactErrors.change_waits.code }
    if (outcome === 'last') return { field: '', code: contactErrors.last.code }
    return `${base}?done=${outcome === 'waits' ? 'waits' : done}`
  }

  router.get(base, async (ctx) => {
    const now = await enter(ctx)
    if (now) await show(ctx, now)
  })

  router.post(base, async (ctx) => {
    const now = await enter(ctx, [kind])
    if (!now) return
    const form = readForm<Record<string, string>>(ctx, forms[kind])
    if (!form.ok) return show(ctx, now, { status: 422, errors: form.errors, typed: form.typed })
    const typed = { [kind]: form.values[kind] ?? '' }
    const parsed = kind === 'phone' ? parsePhone(typed[kind]!) : parseEmail(typed[kind]!)
    if (!parsed.ok) return show(ctx, now, { status: 422, errors: [{ field: kind, code: parsed.code }], typed })
    const proposed = await proposals.propose(proposerOf(now.person, ctx), kind, parsed.value)
    if (proposed.ok) return leadTo(ctx, `${base}/code`)
    const { error, values } = proposed
    const refused = { field: kind, code: error.code, ...(values && { values }) }
    return show(ctx, now, { status: error.status, errors: [refused], typed })
  })

  contactCodeRoutes(router, way, { ...deps, enter, show, after: (outcome) => after(outcome, 'changed') })

  if (kind === 'email') {
    router.post(`${base}/remove`, async (ctx) => {
      const now = await enter(ctx)
      if (!now) return
      const form = readForm(ctx, forms.empty)
      if (!form.ok) return show(ctx, now, { status: 422, errors: form.errors })
      const { oid, session } = now.person
      const owner = await ownerNotices.ownerOf(oid)
      const outcome = await store.tx((tx) =>
        changes.change(tx, owner, { kind, value: undefined, origin: session, weak: now.weak }),
      )
      const next = after(outcome, 'removed')
      if (typeof next === 'string') return leadTo(ctx, next)
      return show(ctx, now, { status: 409, errors: [next] })
    })
  }

  if (!lost) {
    router.post(`${base}/stop`, async (ctx) => {
      const now = await enter(ctx)
      if (!now) return
      const form = readForm(ctx, forms.stop)
      if (!form.ok) return show(ctx, now, { status: 422, errors: form.errors })
      const prove = () => entrance.signedIn(ctx, { ...sensitive, page: base })
      if (await stopWaiting(delayedChanges, now.person, form.values.id, prove)) leadTo(ctx, `${base}?done=stopped`)
    })
  }

  // Where a form was sent to, the language switch and the address bar lead back by GET.
  for (const step of ['remove', 'stop']) router.get(`${base}/${step}`, (ctx) => leadTo(ctx, base))
}

function shortened(kind: ContactKind, value: string): string {
  return kind === 'phone' ? maskPhone(value) : maskEmail(value)
}
