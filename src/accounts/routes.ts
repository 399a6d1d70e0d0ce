import { z } from 'zod'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Detachments } from './detachments.ts'

const emptyForm = z.object({})

/** Where the notice of a detachment leads. Scanners open the links of mails: only the button of the page keeps the number. */
export function contactRoutes(router: Routes, deps: { readonly detachments: Detachments }): void {
  const { detachments } = deps

  const gone = (ctx: Ctx) => ctx.state.page.render('accounts/keep-gone', {}, { status: 404 })

  async function ask(ctx: Ctx, ticket: string, options?: RenderOptions): Promise<void> {
    if (!(await detachments.canKeep(ticket))) return gone(ctx)
    ctx.state.page.render('accounts/keep', { ticket }, options)
  }

  router.get('/contact/keep/:ticket', (ctx) => ask(ctx, ctx.params.ticket ?? ''))

  router.post('/contact/keep/:ticket', async (ctx) => {
    const ticket = ctx.params.ticket ?? ''
    const form = readForm(ctx, emptyForm)
    if (!form.ok) return ask(ctx, ticket, { status: 422, errors: form.errors })
    if (!(await detachments.keep(ticket))) return gone(ctx)
    leadTo(ctx, '/contact/kept')
  })

  router.get('/contact/kept', (ctx) => ctx.state.page.render('accounts/kept'))
}
