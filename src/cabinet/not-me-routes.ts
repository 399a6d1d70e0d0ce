import { z } from 'zod'
import type { NotMe } from '#src/accounts/not-me.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import { placeOf } from '#src/login/attempts.ts'
import { incidentView } from './incident-view.ts'
import type { Incidents } from './incidents.ts'
import type { Wording } from './journal-words.ts'

export interface NotMeRoutesDeps extends Pick<Wording, 'countryOf' | 'serviceName'> {
  readonly notMe: Pick<NotMe, 'find'>
  readonly incidents: Pick<Incidents, 'report'>
  readonly sessions: Pick<Sessions, 'originsOf'>
  readonly journal: Pick<Journal, 'read'>
}

const Empty = z.object({})

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
    page.render('cabinet/not-me', { ...view, ticket }, options)
  }

  router.get('/not-me/done', (ctx) => ctx.state.page.render('cabinet/not-me-done'))

  router.get('/not-me/:ticket', (ctx) => ask(ctx, ctx.params.ticket ?? ''))

  router.post('/not-me/:ticket', async (ctx) => {
    const ticket = ctx.params.ticket ?? ''
    const form = readForm(ctx, Empty)
    if (!form.ok) return ask(ctx, ticket, { status: 422, errors: form.errors })
    const about = await notMe.find(ticket)
    if (!about) return gone(ctx)
    const done = await incidents.report({ ...about, by: 'link', undoes: true, place: placeOf(ctx) })
    if (!done) return gone(ctx)
    leadTo(ctx, '/not-me/done')
  })
}
