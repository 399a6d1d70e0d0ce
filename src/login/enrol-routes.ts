import type { Enrolling, Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Answering } from './answering.ts'
import { placeOf } from './attempts.ts'
import type { Authenticators } from './authenticators.ts'
import { shapeOf } from './factor-form.ts'
import type { At, Situation } from './login.ts'
import { baseOf, type LoginPages } from './pages.ts'

export interface EnrolRoutesDeps {
  readonly factors: Factors
  readonly authenticators: Pick<Authenticators, 'begin' | 'confirm'>
  readonly answering: Pick<Answering, 'enrolled'>
  readonly pages: Pick<LoginPages, 'show' | 'enrolment'>
  at(ctx: Ctx): Promise<At>
  here(ctx: Ctx, now: At): void
  proceed(ctx: Ctx, now: At, next: Situation): Promise<void>
}

/**
 * Adding an authenticator in order to go on with the sign-in. Each request asks anew whether it is still due and whether who it is has been
 * proven well enough; what is added belongs to the account that was proven, whatever the form says.
 */
export function enrolRoutes(router: Routes, deps: EnrolRoutesDeps): void {
  const { authenticators, answering, pages, at, here, proceed } = deps
  const factors: Readonly<Record<string, Factor>> = deps.factors

  const enrolling = (ctx: Ctx, { interaction, situation }: At): Enrolling => ({
    oid: situation.oid!,
    locale: ctx.state.page.locale,
    origin: ticketHash(interaction.uid),
  })

  router.get('/login/:uid/enrol/:adding', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.adding === undefined) return here(ctx, now)
    if (situation.due.kind !== 'enrol') return pages.show(ctx, interaction, situation)
    const page = await authenticators.begin(enrolling(ctx, now), situation.adding)
    pages.enrolment(ctx, interaction, situation, page)
  })

  router.post('/login/:uid/enrol/:adding', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.adding === undefined || situation.due.kind !== 'enrol') return here(ctx, now)
    const kind = situation.adding
    const person = enrolling(ctx, now)
    const form = readForm(ctx, shapeOf(factors[kind]!.enrolment!.fields))
    const enrolled = form.ok ? await authenticators.confirm(person, kind, form.values, placeOf(ctx)) : undefined
    if (enrolled?.ok) {
      const next = enrolled.evidence && (await answering.enrolled(ctx, interaction, situation, enrolled.evidence))
      if (enrolled.once)
        return pages.enrolment(ctx, interaction, situation, {
          ...enrolled.once,
          model: { ...enrolled.once.model, back: baseOf(interaction, {}) },
        })
      const { adding: _, ...others } = situation
      return proceed(ctx, { interaction, situation: others }, next ?? others)
    }
    const [field = ''] = factors[kind]!.enrolment!.fields
    const errors = form.ok
      ? [{ field, code: enrolled!.error.code, ...(enrolled!.values && { values: enrolled!.values }) }]
      : form.errors
    pages.enrolment(ctx, interaction, situation, await authenticators.begin(person, kind), { errors })
  })
}
