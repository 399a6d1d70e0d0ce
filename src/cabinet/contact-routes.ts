import { z } from 'zod'
import type { ContactChanges, ContactOutcome } from '#src/accounts/contact-changes.ts'
import { CONTACT_CHANGE } from '#src/accounts/contact-changes.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Detachments } from '#src/accounts/detachments.ts'
import { contactErrors } from '#src/accounts/errors.ts'
import { maskEmail, parseEmail } from '#src/accounts/fields/email.ts'
import { formatPhone, maskPhone, parsePhone } from '#src/accounts/fields/phone.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, FieldError, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { satisfies } from '#src/kernel/levels.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import type { Store } from '#src/store/store.ts'
import type { ContactLevels } from './contact-levels.ts'
import type { ContactProposals, Proposer } from './contact-proposals.ts'
import { type Entrance, type SignedIn, sensitive } from './entrance.ts'

export interface ContactRoutesDeps {
  readonly entrance: Entrance
  readonly proposals: ContactProposals
  readonly changes: Pick<ContactChanges, 'change'>
  readonly delayedChanges: Pick<DelayedChanges, 'waiting' | 'stop'>
  readonly detachments: Pick<Detachments, 'request' | 'dueAt'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
  readonly store: Store
  readonly clock: Clock
  /** What the account's authenticators reach, all of them and those that do not go to its phone. */
  readonly levels: (oid: AccountId) => Promise<ContactLevels>
}

/** One of the pages' addresses, and what it changes. */
interface Way {
  readonly base: string
  readonly kind: ContactKind
  /** Nobody can be asked for a code to a phone that is lost: the change waits for 72 hours instead. */
  readonly lost: boolean
}

const ways: readonly Way[] = [
  { base: '/account/contacts/phone', kind: 'phone', lost: false },
  { base: '/account/contacts/lost-phone', kind: 'phone', lost: true },
  { base: '/account/contacts/email', kind: 'email', lost: false },
]

const forms = {
  phone: z.object({ phone: z.string().default('') }),
  email: z.object({ email: z.string().default('') }),
  code: z.object({ code: z.string().default('') }),
  stop: z.object({ id: z.string().default('') }),
  empty: z.object({}),
} as const

interface Standing {
  readonly person: SignedIn
  /** The change has to wait (R-A8). */
  readonly weak: boolean
}

const DONE = ['changed', 'removed', 'waits', 'stopped'] as const

/** The phone and the e-mail of an account, each changed by a code sent to the new one. */
export function contactChangeRoutes(router: Routes, deps: ContactRoutesDeps): void {
  for (const way of ways) wayRoutes(router, way, deps)
}

function wayRoutes(router: Routes, way: Way, deps: ContactRoutesDeps): void {
  const { base, kind, lost } = way
  const { entrance, proposals, changes, delayedChanges, detachments, ownerNotices, store, clock } = deps

  /** @returns undefined when the answer is a redirect, to the sign-in or to where a phone is changed at once */
  async function enter(ctx: Ctx, keep: readonly string[] = []): Promise<Standing | undefined> {
    const page = { ...(keep.length > 0 && { keep }), page: base }
    const anybody = await entrance.signedIn(ctx, lost ? page : { ...sensitive, ...page })
    if (!anybody) return undefined
    const { highest, withoutPhone } = await deps.levels(anybody.oid)
    if (!lost) return { person: anybody, weak: !satisfies(anybody.level, 'aal2') }
    if (satisfies(withoutPhone, highest)) {
      leadTo(ctx, '/account/contacts/phone')
      return undefined
    }
    const { maxAgeSeconds } = sensitive
    const person = await entrance.signedIn(ctx, { level: withoutPhone, maxAgeSeconds: maxAgeSeconds!, ...page })
    const strong = person && satisfies(person.level, 'aal2') && satisfies(person.level, highest)
    return person && { person, weak: !strong }
  }

  const proposerOf = ({ oid, session }: SignedIn, { state }: Ctx): Proposer => ({
    oid,
    origin: session,
    locale: state.page.locale,
    network: state.network,
  })

  async function show(ctx: Ctx, { person, weak }: Standing, options?: RenderOptions): Promise<void> {
    const { account } = person
    const { locale } = ctx.state.page
    const waiting = (await delayedChanges.waiting(person.oid)).filter((change) => change.kind === CONTACT_CHANGE)
    const { highest, withoutPhone } = await deps.levels(person.oid)
    const current = account[kind]
    const model = {
      base,
      kind,
      weak,
      current: current && shortened(kind, current),
      waiting: waiting.map(({ id, dueAt }) => ({ id, dueAt: wordedMoment(dueAt, locale) })),
      stoppable: !lost,
      removable: kind === 'email' && current !== undefined && account.phone !== undefined,
      canLose: kind === 'phone' && !lost && current !== undefined && !satisfies(withoutPhone, highest),
      done: DONE.find((done) => done === ctx.query.done),
    }
    person.show('cabinet/contact', model, options)
  }

  async function showCode(ctx: Ctx, { person, weak }: Standing, error?: FieldError, status = 422): Promise<void> {
    const proposal = await proposals.find({ oid: person.oid, origin: person.session }, kind)
    if (!proposal) return leadTo(ctx, base)
    if (proposal.clashed) return leadTo(ctx, `${base}/clash`)
    const at = await proposals.resendAt({ oid: person.oid, origin: person.session }, kind)
    const waitSeconds = Math.max(0, Math.ceil(((at?.getTime() ?? 0) - clock.now().getTime()) / 1000))
    const contact = kind === 'phone' ? formatPhone(proposal.value) : proposal.value
    const sentAgain = !error && ctx.query.sent === 'again'
    const model = { base, kind, contact, weak, waitSeconds, sentAgain }
    person.show('cabinet/contact-code', model, error && { status, errors: [error] })
  }

  async function showClash(ctx: Ctx, { person }: Standing, options?: RenderOptions): Promise<void> {
    const proposal = await proposals.find({ oid: person.oid, origin: person.session }, kind)
    if (!proposal?.clashed) return leadTo(ctx, base)
    const dueAt = kind === 'phone' ? await detachments.dueAt(proposal.value) : undefined
    const contact = kind === 'phone' ? formatPhone(proposal.value) : proposal.value
    const freeFrom = dueAt && wordedMoment(dueAt, ctx.state.page.locale)
    person.show('cabinet/contact-clash', { base, kind, contact, freeFrom }, options)
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

  router.get(`${base}/code`, async (ctx) => {
    const now = await enter(ctx)
    if (now) await showCode(ctx, now)
  })

  router.post(`${base}/code`, async (ctx) => {
    const now = await enter(ctx)
    if (!now) return
    const form = readForm(ctx, forms.code)
    if (!form.ok) return showCode(ctx, now, form.errors[0])
    const confirmed = await proposals.confirm(proposerOf(now.person, ctx), kind, form.values.code, now.weak)
    if (!confirmed.ok) {
      const { error, values } = confirmed
      if (error === contactErrors.proposal_gone) return leadTo(ctx, base)
      return showCode(ctx, now, { field: 'code', code: error.code, ...(values && { values }) }, error.status)
    }
    const next = after(confirmed.outcome, 'changed')
    if (typeof next === 'string') return leadTo(ctx, next)
    return show(ctx, now, { status: 409, errors: [next] })
  })

  router.post(`${base}/code/again`, async (ctx) => {
    const now = await enter(ctx)
    if (!now) return
    const form = readForm(ctx, forms.empty)
    if (!form.ok) return showCode(ctx, now, form.errors[0])
    const sent = await proposals.sendAgain(proposerOf(now.person, ctx), kind)
    if (sent.ok) return leadTo(ctx, `${base}/code?sent=again`)
    const { error, values } = sent
    return showCode(ctx, now, { field: 'code', code: error.code, ...(values && { values }) }, error.status)
  })

  router.get(`${base}/clash`, async (ctx) => {
    const now = await enter(ctx)
    if (now) await showClash(ctx, now)
  })

  if (kind === 'phone') {
    router.post(`${base}/clash/detach`, async (ctx) => {
      const now = await enter(ctx)
      if (!now) return
      const form = readForm(ctx, forms.empty)
      if (!form.ok) return showClash(ctx, now, { status: 422, errors: form.errors })
      const proposal = await proposals.find({ oid: now.person.oid, origin: now.person.session }, kind)
      if (!proposal?.clashed) return leadTo(ctx, base)
      const requested = await detachments.request(proposal.value, ctx.state.page.locale)
      if (!requested || requested.ok) return leadTo(ctx, requested ? `${base}/clash` : base)
      const { code, status } = requested.error
      return showClash(ctx, now, { status, errors: [{ field: '', code }] })
    })
  }

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

  // A weaker sign-in than the account's own must not stop what its owner asked for.
  if (!lost) {
    router.post(`${base}/stop`, async (ctx) => {
      const now = await enter(ctx)
      if (!now) return
      const form = readForm(ctx, forms.stop)
      if (!form.ok) return show(ctx, now, { status: 422, errors: form.errors })
      if (!(await delayedChanges.stop(now.person.oid, form.values.id))) throw await now.person.missing('change')
      leadTo(ctx, `${base}?done=stopped`)
    })
  }

  // Where a form was sent to, the language switch and the address bar lead back by GET.
  for (const step of ['code/again', 'clash/detach', 'remove', 'stop'])
    router.get(`${base}/${step}`, (ctx) => leadTo(ctx, base))
}

function shortened(kind: ContactKind, value: string): string {
  return kind === 'phone' ? maskPhone(value) : maskEmail(value)
}
