import type { Detachments } from '#src/accounts/detachments.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { emptyForm } from './forms.ts'
import { shown } from './pages.ts'
import { contactOf } from './registration.ts'
import type { Draft } from './store.ts'

export interface ClashRoutesDeps {
  readonly detachments: Pick<Detachments, 'request' | 'dueAt'>
  readonly emailRequired: boolean
  draftOf(ctx: Ctx): Promise<Draft | undefined>
}

/** What a person can do whose contact an account has already: the code was entered, so that the page may say so. */
export function clashRoutes(router: Routes, deps: ClashRoutesDeps): void {
  const { detachments, draftOf } = deps

  async function show(ctx: Ctx, draft: Draft, options?: RenderOptions): Promise<void> {
    const { page } = ctx.state
    const { clash: kind } = draft.answers
    if (!kind) return leadTo(ctx, '/registration')
    const phone = clashedPhone(draft)
    const dueAt = phone === undefined ? undefined : await detachments.dueAt(phone)
    page.render(
      'registration/clash',
      {
        kind,
        contact: shown(draft.answers, kind),
        signInHref: draft.login === undefined ? undefined : `/login/${draft.login}`,
        skippable: kind === 'email' && !deps.emailRequired,
        freeFrom: dueAt && wordedMoment(dueAt, page.locale),
      },
      options,
    )
  }

  router.get('/registration/clash', async (ctx) => {
    const draft = await draftOf(ctx)
    if (!draft) return leadTo(ctx, '/registration')
    await show(ctx, draft)
  })

  router.post('/registration/clash/detach', async (ctx) => {
    const draft = await draftOf(ctx)
    const phone = draft && clashedPhone(draft)
    if (!draft || phone === undefined) return leadTo(ctx, '/registration')
    const form = readForm(ctx, emptyForm)
    if (!form.ok) return show(ctx, draft, { status: 422, errors: form.errors })
    const requested = await detachments.request(phone, ctx.state.page.locale)
    if (!requested) return leadTo(ctx, '/registration/phone')
    if (requested.ok) return leadTo(ctx, '/registration/clash')
    const { code, status } = requested.error
    await show(ctx, draft, { status, errors: [{ field: '', code }] })
  })
}

/** The phone whose right code was entered in this draft although an account has it. */
function clashedPhone({ answers }: Draft): string | undefined {
  return answers.clash === 'phone' ? contactOf(answers, 'phone')?.value : undefined
}
