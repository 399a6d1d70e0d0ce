import { z } from 'zod'
import { consentItems } from '#src/consents/display.ts'
import { releasedInWords } from '#src/consents/labels.ts'
import type { Ctx, Page, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedDate } from '#src/kernel/locale.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { Entrance, SignedIn } from './entrance.ts'
import type { ConnectedService, ConnectedServices } from './services.ts'

export interface ServiceRoutesDeps {
  readonly entrance: Entrance
  readonly services: ConnectedServices
}

const Empty = z.object({})
const PageNumber = z.coerce.number().int().min(1).max(10_000).catch(1)
const SHOWN = 20

/** Who may have the person's data, and how to take that back. */
export function serviceRoutes(router: Routes, { entrance, services }: ServiceRoutesDeps): void {
  async function serviceOf(person: SignedIn, ctx: Ctx & { params: Record<string, string> }): Promise<ConnectedService> {
    const all = await services.of(person.oid, ctx.state.page.locale)
    const found = all.find(({ ref }) => ref === ctx.params.ref)
    if (!found) throw await person.missing('service')
    return found
  }

  const showOne = (ctx: Ctx, person: SignedIn, service: ConnectedService, options?: RenderOptions) =>
    person.show('cabinet/service', modelOf(service, person, ctx.state.page), options)

  router.get('/services', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const { page } = ctx.state
    const all = await services.of(person.oid, page.locale)
    const number = Math.min(PageNumber.parse(ctx.query.page), Math.max(1, Math.ceil(all.length / SHOWN)))
    const shown = all.slice((number - 1) * SHOWN, number * SHOWN)
    person.show('cabinet/services', {
      services: shown.map((service) => modelOf(service, person, page)),
      withdrawn: ctx.query.done === 'withdrawn',
      previous: number > 1 ? `/services?page=${number - 1}` : undefined,
      next: number * SHOWN < all.length ? `/services?page=${number + 1}` : undefined,
    })
  })

  router.get('/services/:ref', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) showOne(ctx, person, await serviceOf(person, ctx))
  })

  router.post('/services/:ref', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const service = await serviceOf(person, ctx)
    const form = readForm(ctx, Empty)
    if (!form.ok) return showOne(ctx, person, service, { status: 422, errors: form.errors })
    await services.withdraw(person, service, placeOf(ctx))
    leadTo(ctx, '/services?done=withdrawn')
  })
}

/** A service in the words of the page. */
function modelOf(service: ConnectedService, { account }: SignedIn, { t, locale }: Page) {
  const { ref, name, resources, since, until, lastSignInAt, lastRelease } = service
  return {
    name,
    href: `/services/${ref}`,
    data: consentItems(account, service, { t, locale }).map(({ label }) => label),
    resources,
    offline: service.scopes.includes('offline_access'),
    since: wordedDate(since, locale),
    until: wordedDate(until, locale),
    lastSignIn: lastSignInAt && wordedDate(lastSignInAt, locale),
    lastRelease: lastRelease && {
      at: wordedDate(lastRelease.at, locale),
      data: releasedInWords(lastRelease.claims, t),
    },
  }
}
