import { z } from 'zod'
import type { NotMe, ReportLink } from '#src/accounts/not-me.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Outcome as Answered } from '#src/factors/factor.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { type Attempts, type Checking, placeOf } from '#src/login/attempts.ts'
import { incidentView } from './incident-view.ts'
import type { Incidents, Outcome } from './incidents.ts'
import type { Wording } from './journal-words.ts'

export interface NotMeRoutesDeps extends Pick<Wording, 'countryOf' | 'serviceName'> {
  readonly notMe: Pick<NotMe, 'find'>
  readonly incidents: Pick<Incidents, 'report' | 'replaced'>
  readonly sessions: Pick<Sessions, 'originsOf'>
  readonly journal: Pick<Journal, 'read'>
  readonly attempts: Pick<Attempts, 'enterFactor' | 'answer'>
  readonly password: Checking
  /** What stands in the journal for the place where the password was tried. */
  readonly client: string
}

const Empty = z.object({})
const WithPassword = z.object({ password: z.string().default('') })
const outcomes: readonly Outcome[] = ['undone', 'waits', 'kept']

/**
 * Where "this was not me" of a notice leads, without a sign-in: the owner may have been locked out. Scanners open the links of mails: only
 * the button of the page does anything.
 */
export function notMeRoutes(router: Routes, deps: NotMeRoutesDeps): void {
  const { notMe, incidents, attempts } = deps
  /** The same for a link that is wrong, used or old. */
  const gone = (ctx: Ctx) => ctx.state.page.render('cabinet/not-me-gone', {}, { status: 404 })

  const replacedBy = async (about: ReportLink) => (about.undoes ? incidents.replaced(about) : undefined)

  async function ask(ctx: Ctx, ticket: string, about: ReportLink, options?: RenderOptions): Promise<void> {
    const { page } = ctx.state
    const view = await incidentView(about, { ...deps, t: page.t, locale: page.locale })
    const takesBack = about.undoes ? 'added' : 'nothing'
    page.render('cabinet/not-me', { ...view, ticket, takesBack, replaced: await replacedBy(about) }, options)
  }

  /** Counted together with those of sign-ins: whoever reads the owner's mail gets no further supply of guesses. */
  async function tryPassword(ctx: Ctx, ticket: string, { oid }: ReportLink, password: string): Promise<Answered> {
    const { network, page } = ctx.state
    const entered = await attempts.enterFactor(ctx, oid, deps.password)
    const view = { uid: ticketHash(ticket), oid, locale: page.locale, network, wanted: 'aal1' } as const
    return attempts.answer(ctx, { client: { id: deps.client } }, entered, deps.password, view, { password })
  }

  router.get('/not-me/done', (ctx) => {
    const outcome = outcomes.find((one) => one === ctx.query.changes) ?? 'undone'
    ctx.state.page.render('cabinet/not-me-done', { outcome })
  })

  router.get('/not-me/:ticket', async (ctx) => {
    const ticket = ctx.params.ticket ?? ''
    const about = await notMe.find(ticket)
    return about ? ask(ctx, ticket, about) : gone(ctx)
  })

  router.post('/not-me/:ticket', async (ctx) => {
    const ticket = ctx.params.ticket ?? ''
    const about = await notMe.find(ticket)
    if (!about) return gone(ctx)
    const provable = (await replacedBy(about))?.byPassword === true
    const form = readForm<{ password?: string }>(ctx, provable ? WithPassword : Empty)
    if (!form.ok) return ask(ctx, ticket, about, { status: 422, errors: form.errors })
    const { password = '' } = form.values
    if (password !== '') {
      const answered = await tryPassword(ctx, ticket, about, password)
      if (!answered.ok) {
        const { error, values } = answered
        const refused = { field: 'password', code: error.code, ...(values && { values }) }
        return ask(ctx, ticket, about, { status: error.status, errors: [refused] })
      }
    }
    const takesBack = password !== '' ? 'all' : about.undoes ? 'added' : 'nothing'
    const { oid, origin } = about
    const outcome = await incidents.report({ oid, origin, by: 'link', takesBack, place: placeOf(ctx) })
    if (!outcome) return gone(ctx)
    leadTo(ctx, outcome === 'undone' ? '/not-me/done' : `/not-me/done?changes=${outcome}`)
  })
}
