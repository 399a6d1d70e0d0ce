import { z } from 'zod'
import type { ContactOutcome } from '#src/accounts/contact-changes.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { Detachments } from '#src/accounts/detachments.ts'
import { contactErrors } from '#src/accounts/errors.ts'
import { formatPhone } from '#src/accounts/fields/phone.ts'
import type { Ctx, FieldError, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import type { ContactProposals, Proposer } from './contact-proposals.ts'
import type { SignedIn } from './entrance.ts'

/** One of the pages' addresses, and what it changes. */
export interface Way {
  readonly base: string
  readonly kind: ContactKind
  /** Nobody can be asked for a code to a phone that is lost: the change waits for 72 hours instead. */
  readonly lost: boolean
}

export interface Standing {
  readonly person: SignedIn
  /** The change has to wait (R-A8). */
  readonly weak: boolean
}

export interface ContactCodeDeps {
  readonly proposals: ContactProposals
  readonly detachments: Pick<Detachments, 'request' | 'dueAt'>
  readonly clock: Clock
}

/** What the page before the code does for it. */
interface Before {
  /** @returns undefined when the answer is a redirect */
  enter(ctx: Ctx): Promise<Standing | undefined>
  show(ctx: Ctx, now: Standing, options?: RenderOptions): Promise<void>
  /** Where a change leads, or what stands in its way. */
  after(outcome: ContactOutcome): string | FieldError
}

const codeForm = z.object({ code: z.string().default('') })
const emptyForm = z.object({})

export const proposerOf = ({ oid, session }: SignedIn, { state }: Ctx): Proposer => ({
  oid,
  origin: session,
  locale: state.page.locale,
  network: state.network,
})

/** The code that was sent to a new contact, and what can be done where another account has it. */
export function contactCodeRoutes(router: Routes, { base, kind }: Way, deps: ContactCodeDeps & Before): void {
  const { proposals, detachments, clock, enter, show, after } = deps

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

  router.get(`${base}/code`, async (ctx) => {
    const now = await enter(ctx)
    if (now) await showCode(ctx, now)
  })

  router.post(`${base}/code`, async (ctx) => {
    const now = await enter(ctx)
    if (!now) return
    const form = readForm(ctx, codeForm)
    if (!form.ok) return showCode(ctx, now, form.errors[0])
    const confirmed = await proposals.confirm(proposerOf(now.person, ctx), kind, form.values.code, now.weak)
    if (!confirmed.ok) {
      const { error, values } = confirmed
      if (error === contactErrors.proposal_gone) return leadTo(ctx, base)
      return showCode(ctx, now, { field: 'code', code: error.code, ...(values && { values }) }, error.status)
    }
    const next = after(confirmed.outcome)
    if (typeof next === 'string') return leadTo(ctx, next)
    return show(ctx, now, { status: 409, errors: [next] })
  })

  router.post(`${base}/code/again`, async (ctx) => {
    const now = await enter(ctx)
    if (!now) return
    const form = readForm(ctx, emptyForm)
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
      const form = readForm(ctx, emptyForm)
      if (!form.ok) return showClash(ctx, now, { status: 422, errors: form.errors })
      const proposal = await proposals.find({ oid: now.person.oid, origin: now.person.session }, kind)
      if (!proposal?.clashed) return leadTo(ctx, base)
      const requested = await detachments.request(proposal.value, ctx.state.page.locale)
      if (!requested || requested.ok) return leadTo(ctx, requested ? `${base}/clash` : base)
      const { code, status } = requested.error
      return showClash(ctx, now, { status, errors: [{ field: '', code }] })
    })
  }

  // Where a form was sent to, the language switch and the address bar lead back by GET.
  for (const step of ['code/again', 'clash/detach']) router.get(`${base}/${step}`, (ctx) => leadTo(ctx, base))
}
