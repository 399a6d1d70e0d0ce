import type { Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { httpErrors } from '#src/http/errors.ts'
import { readForm } from '#src/http/form.ts'
import { prefersProblem } from '#src/http/problem.ts'
import { AppError } from '#src/kernel/errors.ts'
import type { Answering } from './answering.ts'
import { shapeOf } from './factor-form.ts'
import type { At, Situation } from './login.ts'
import type { LoginPages } from './pages.ts'

export interface OpenRoutesDeps {
  readonly factors: Factors
  readonly answering: Pick<Answering, 'invite' | 'open'>
  readonly pages: Pick<LoginPages, 'identify'>
  at(ctx: Ctx): Promise<At>
  here(ctx: Ctx, now: At): void
  proceed(ctx: Ctx, now: At, next: Situation): Promise<void>
  /** Whether the page with the identifier is the one that takes an answer. */
  takesIdentifier(now: Situation): boolean
}

/**
 * Signing in by what names the account itself, in place of identifier and password. What the browser is asked with comes by a request of the
 * page's script, so that the page stays the same for everybody; nothing is stored for it.
 */
export function openRoutes(router: Routes, deps: OpenRoutesDeps): void {
  const { answering, pages, at, here, proceed, takesIdentifier } = deps

  function factorOf({ params: { kind = '' } }: { params: Record<string, string> }): Factor {
    const factors: Readonly<Record<string, Factor>> = deps.factors
    const factor = Object.hasOwn(factors, kind) ? factors[kind] : undefined
    if (!factor?.opening) throw new AppError(httpErrors.not_found)
    return factor
  }

  for (const base of ['/login/:uid', '/login/:uid/enrol/:adding']) {
    router.get(`${base}/open/:kind`, async (ctx) => {
      const { kind } = factorOf(ctx)
      const now = await at(ctx)
      // The language switch and the address bar lead back to the page.
      if (!prefersProblem(ctx) || !takesIdentifier(now.situation)) return here(ctx, now)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = answering.invite(ctx, now.interaction, now.situation, kind)
    })

    router.post(`${base}/open/:kind`, async (ctx) => {
      const { kind, fields } = factorOf(ctx)
      const now = await at(ctx)
      const { interaction, situation } = now
      if (!takesIdentifier(situation)) return here(ctx, now)
      const form = readForm(ctx, shapeOf(fields))
      if (!form.ok) return pages.identify(ctx, interaction, situation, { errors: form.errors })
      const outcome = await answering.open(ctx, interaction, situation, kind, form.values)
      if (outcome.ok) return proceed(ctx, now, outcome.situation)
      pages.identify(ctx, interaction, situation, { errors: [outcome.error], status: outcome.status })
    })
  }
}
