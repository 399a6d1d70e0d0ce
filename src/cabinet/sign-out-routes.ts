import { z } from 'zod'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Entrance } from './entrance.ts'
import { cabinetErrors } from './errors.ts'

export interface SignOutRoutesDeps {
  readonly entrance: Entrance
  readonly sessions: Pick<Sessions, 'end' | 'endAll'>
}

const Choice = z.object({ where: z.enum(['here', 'everywhere'], cabinetErrors.sign_out_missing.code) })

/** Signing out of the session itself, here or on all devices; whoever was idle need not sign in again for that. */
export function signOutRoutes(router: Routes, { entrance, sessions }: SignOutRoutesDeps): void {
  router.get('/sign-out', async (ctx) => {
    if (!(await entrance.whose(ctx))) return leadTo(ctx, '/sign-out/done')
    ctx.state.page.render('cabinet/sign-out')
  })

  router.post('/sign-out', async (ctx) => {
    const person = await entrance.whose(ctx)
    const form = readForm(ctx, Choice)
    if (!form.ok) return ctx.state.page.render('cabinet/sign-out', {}, { status: 422, errors: form.errors })
    const everywhere = form.values.where === 'everywhere'
    if (person && everywhere) await sessions.endAll(person.oid, { offline: 'kept', reason: 'signed_out_everywhere' })
    if (person && !everywhere) await sessions.end(person.oid, person.session, { offline: 'kept', reason: 'signed_out' })
    entrance.leave(ctx)
    leadTo(ctx, everywhere ? '/sign-out/done?where=everywhere' : '/sign-out/done')
  })

  router.get('/sign-out/done', async (ctx) => {
    if (await entrance.whose(ctx)) return leadTo(ctx, '/sign-out')
    ctx.state.page.render('cabinet/signed-out', { everywhere: ctx.query.where === 'everywhere' })
  })
}
