import { z } from 'zod'
import type { Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { placeOf } from './attempts.ts'
import { shapeOf } from './factor-form.ts'
import type { At } from './login.ts'
import type { LoginPages } from './pages.ts'

export interface RenewalRoutesDeps {
  readonly factors: Factors
  readonly pages: Pick<LoginPages, 'renewal'>
  at(ctx: Ctx): Promise<At>
  here(ctx: Ctx, now: At): void
}

const Empty = z.object({})

/** A new authenticator in the place of one that may not be used any longer, before the sign-in with it ends. */
export function renewalRoutes(router: Routes, { factors, pages, at, here }: RenewalRoutesDeps): void {
  const renewalOf = (kind: string) => (factors as Readonly<Record<string, Factor>>)[kind]!.renewal!

  router.post('/login/:uid/renewal', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.due.kind !== 'renewal' || !situation.due.mayNow) return here(ctx, now)
    const renewal = renewalOf(situation.due.factor)
    const form = readForm(ctx, shapeOf(renewal.fields))
    if (!form.ok) return pages.renewal(ctx, interaction, situation, { errors: form.errors })
    const { session } = interaction
    const renewed = await renewal.renew(
      {
        oid: situation.oid!,
        origin: ticketHash(interaction.uid),
        ...(session && session.oid === situation.oid && { except: session.ref }),
        ...placeOf(ctx),
      },
      form.values,
    )
    if (renewed.ok) return here(ctx, now)
    const { code, values } = renewed
    await pages.renewal(ctx, interaction, situation, { errors: [{ field: renewal.fields[0] ?? '', code, values }] })
  })

  router.post('/login/:uid/renewal/later', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.due.kind !== 'renewal' || situation.due.required) return here(ctx, now)
    const form = readForm(ctx, Empty)
    if (!form.ok) return pages.renewal(ctx, interaction, situation, { errors: form.errors })
    await renewalOf(situation.due.factor).putOff(situation.oid!)
    here(ctx, now)
  })

  for (const step of ['renewal', 'renewal/later'])
    router.get(`/login/:uid/${step}`, (ctx) => leadTo(ctx, `/login/${encodeURIComponent(ctx.params.uid!)}`))
}
