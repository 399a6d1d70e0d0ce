import { z } from 'zod'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { changeInWords, type DelayedChanges } from './delayed-changes.ts'

const emptyForm = z.object({})

export interface ChangeRoutesDeps {
  readonly delayedChanges: Pick<DelayedChanges, 'find' | 'stopByTicket'>
}

/**
 * Where the notice of a delayed change leads, without a sign-in: whoever can read a contact can stop it. Scanners open the links of mails:
 * only the button of the page stops it.
 */
export function changeRoutes(router: Routes, { delayedChanges }: ChangeRoutesDeps): void {
  const gone = (ctx: Ctx) => ctx.state.page.render('accounts/change-gone', {}, { status: 404 })

  async function ask(ctx: Ctx, ticket: string, options?: RenderOptions): Promise<void> {
    const change = await delayedChanges.find(ticket)
    if (!change) return gone(ctx)
    const { page } = ctx.state
    const requestedAt = wordedMoment(change.requestedAt, page.locale)
    const dueAt = wordedMoment(change.dueAt, page.locale)
    page.render('accounts/change', { ticket, what: changeInWords(change, page.t), requestedAt, dueAt }, options)
  }

  router.get('/changes/stopped', (ctx) => ctx.state.page.render('accounts/change-stopped'))

  router.get('/changes/:ticket', (ctx) => ask(ctx, ctx.params.ticket ?? ''))

  router.post('/changes/:ticket', async (ctx) => {
    const ticket = ctx.params.ticket ?? ''
    const form = readForm(ctx, emptyForm)
    if (!form.ok) return ask(ctx, ticket, { status: 422, errors: form.errors })
    if (!(await delayedChanges.stopByTicket(ticket))) return gone(ctx)
    leadTo(ctx, '/changes/stopped')
  })
}
