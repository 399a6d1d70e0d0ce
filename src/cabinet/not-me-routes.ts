import { z } from 'zod'
import type { NotMe, ReportLink } from '#src/accounts/not-me.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import { placeOf } from '#src/login/attempts.ts'
import { incidentView } from './incident-view.ts'
import type { Incidents, Outcome, TakesBack } from './incidents.ts'
import type { Wording } from './journal-words.ts'

export interface NotMeRoutesDeps extends Pick<Wording, 'countryOf' | 'serviceName'> {
  readonly notMe: Pick<NotMe, 'find'>
  readonly incidents: Pick<Incidents, 'report' | 'replaced'>
  readonly sessions: Pick<Sessions, 'originsOf'>
  readonly journal: Pick<Journal, 'read'>
}

const Empty = z.object({})
const outcomes: readonly Outcome[] = ['undone', 'waits', 'kept']

const takenBackBy = ({ undoes }: ReportLink): TakesBack => (undoes ? 'added' : 'nothing')

/**
 * Where "this was not me" of a notice leads, without a sign-in: the owner may have been locked out. Scanners open the links of mails: only
 * the button of the page does anything.
 */
export function notMeRoutes(router: Routes, deps: NotMeRoutesDeps): void {
  const { notMe, incidents } = deps
  /** The same for a link that is wrong, used or old. */
  const gone = (ctx: Ctx) => ctx.state.page.render('cabinet/not-me-gone', {}, { status: 404 })

  async function ask(ctx: Ctx, ticket: string, options?: RenderOptions): Promise<void> {
    const about = await notMe.find(ticket)
    if (!about) return gone(ctx)
    const { page } = ctx.state
    const view = await incidentView(about, { ...deps, t: page.t, locale: page.locale })
    const replaced = about.undoes && (await incidents.replaced(about))
    page.render('cabinet/not-me', { ...view, ticket, takesBack: takenBackBy(about), replaced }, options)
  }

  router.get('/not-me/done', (ctx) => {
    const outcome = outcomes.find((one) => one === ctx.query.changes) ?? 'undone'
    ctx.state.page.render('cabinet/not-me-done', { outcome })
  })

  router.get('/not-me/:ticket', (ctx) => ask(ctx, ctx.params.ticket ?? ''))

  router.post('/not-me/:ticket', async (ctx) => {
    const ticket = ctx.params.ticket ?? ''
    const form = readForm(ctx, Empty)
    if (!form.ok) return ask(ctx, ticket, { status: 422, errors: form.errors })
    const about = await notMe.find(ticket)
    if (!about) return gone(ctx)
    const { oid, origin } = about
    const place = placeOf(ctx)
    const outcome = await incidents.report({ oid, origin, by: 'link', takesBack: takenBackBy(about), place })
    if (!outcome) return gone(ctx)
    leadTo(ctx, outcome === 'undone' ? '/not-me/done' : `/not-me/done?changes=${outcome}`)
  })
}
