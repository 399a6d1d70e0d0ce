import { z } from 'zod'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { CLOSED_PATH, type Entrance, type SignedIn } from '../entrance.ts'
import { leavingErrors } from './errors.ts'

export interface ReturnRoutesDeps {
  readonly entrance: Entrance
  readonly closing: Pick<ClosingAccounts, 'find' | 'reopen'>
  readonly clock: Clock
}

const Form = z.object({ consent: z.enum(['yes'], leavingErrors.consent_missing.code).optional() })

/** Changing one's mind within 30 days. */
export function returnRoutes(router: Routes, { entrance, closing, clock }: ReturnRoutesDeps): void {
  async function show(ctx: Ctx, person: SignedIn, options?: RenderOptions): Promise<void> {
    const found = await closing.find(person.oid)
    const isLate = !found || found.farewellAt !== undefined || found.eraseAt <= clock.now()
    const until = found && wordedMoment(found.eraseAt, ctx.state.page.locale)
    person.show('cabinet/leaving/return', { until, isLate, withdrawn: found?.cause === 'withdrawal' }, options)
  }

  /** @returns undefined when the answer is a redirect: to the sign-in, or to the pages of an account that is open */
  async function enter(ctx: Ctx): Promise<SignedIn | undefined> {
    const person = await entrance.signedIn(ctx, { closed: true })
    if (person?.account.state !== 'active') return person
    leadTo(ctx, '/account')
    return undefined
  }

  router.get(CLOSED_PATH, async (ctx) => {
    const person = await enter(ctx)
    if (person) await show(ctx, person)
  })

  router.post(CLOSED_PATH, async (ctx) => {
    const person = await enter(ctx)
    if (!person) return
    const form = readForm(ctx, Form)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    const needsConsent = (await closing.find(person.oid))?.cause === 'withdrawal'
    if (needsConsent && form.values.consent !== 'yes') {
      const { code, status } = leavingErrors.consent_missing
      return show(ctx, person, { status, errors: [{ field: 'consent', code }] })
    }
    // Too late, it leads back here.
    await closing.reopen(person.oid, { actor: 'owner', origin: person.session })
    leadTo(ctx, '/account')
  })
}
