import { z } from 'zod'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { AppError, type DefinedError } from '#src/kernel/errors.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { Authenticators, Chosen } from '#src/login/authenticators.ts'
import { shapeOf } from '#src/login/factor-form.ts'
import { type Entrance, type SignedIn, sensitive, sensitiveOrLater } from './entrance.ts'
import { type LaterRemovalDeps, removalDue, removeLater } from './later-removal.ts'

export interface AuthenticatorRoutesDeps extends LaterRemovalDeps {
  readonly entrance: Entrance
  readonly authenticators: Authenticators
}

type Routed = Ctx & { readonly params: Readonly<Record<string, string>> }

const FRAME = 'cabinet/_frame.njk'
const Empty = z.object({})
const Name = z.object({ name: z.string().default('') })

/** The authenticator that an address names. */
export const chosenBy = ({ params }: Routed): Chosen => ({ kind: params.kind ?? '', id: params.id ?? '' })

/**
 * Adding, naming and removing what opens the account; the strongest sign-in that its owner can make, of the last five minutes. With a
 * recovery code in place of the second factor it is removed after 72 hours.
 */
export function authenticatorRoutes(router: Routes, deps: AuthenticatorRoutesDeps): void {
  const { entrance, authenticators } = deps
  const keeperOf = ({ oid, session }: SignedIn) => ({ oid, origin: session })

  async function showEnrolment(ctx: Routed, person: SignedIn, options?: RenderOptions): Promise<void> {
    const kind = ctx.params.kind ?? ''
    const { locale } = ctx.state.page
    const { view, model } = await authenticators.begin({ ...keeperOf(person), locale }, kind)
    person.show(view, { ...model, base: `/security/add/${encodeURIComponent(kind)}`, frame: FRAME }, options)
  }

  router.get('/security/add/:kind', async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitive)
    if (person) await showEnrolment(ctx, person)
  })

  router.post('/security/add/:kind', async (ctx) => {
    const kind = ctx.params.kind ?? ''
    const person = await entrance.signedIn(ctx, { ...sensitive, keep: ['name', 'serial'] })
    if (!person) return
    const fields = authenticators.fields(kind)
    const form = readForm(ctx, shapeOf(fields))
    if (!form.ok) return showEnrolment(ctx, person, { status: 422, errors: form.errors })
    const enrolling = { ...keeperOf(person), locale: ctx.state.page.locale }
    const enrolled = await authenticators.confirm(enrolling, kind, form.values, placeOf(ctx))
    if (!enrolled.ok) {
      const { error, values } = enrolled
      const refused = { field: fieldOf(error, fields), code: error.code, ...(values && { values }) }
      return showEnrolment(ctx, person, { status: error.status, errors: [refused], typed: typedAgain(form.values) })
    }
    const { once } = enrolled
    if (!once) return leadTo(ctx, '/security?done=added')
    person.show(once.view, { ...once.model, back: '/security?done=added', frame: FRAME })
  })

  async function showName(ctx: Routed, person: SignedIn, options?: RenderOptions): Promise<void> {
    const chosen = chosenBy(ctx)
    const found = await authenticators.find(keeperOf(person), chosen, placeOf(ctx))
    person.show('cabinet/authenticator-name', { ...chosen, name: found.name, detail: found.detail }, options)
  }

  router.get('/security/:kind/:id/name', async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitive)
    if (person) await showName(ctx, person)
  })

  router.post('/security/:kind/:id/name', async (ctx) => {
    const person = await entrance.signedIn(ctx, { ...sensitive, keep: ['name'] })
    if (!person) return
    const form = readForm(ctx, Name)
    if (!form.ok) return showName(ctx, person, { status: 422, errors: form.errors, typed: form.typed })
    const { name } = form.values
    try {
      await authenticators.rename(keeperOf(person), chosenBy(ctx), name, placeOf(ctx))
    } catch (refusal) {
      if (!(refusal instanceof AppError) || refusal.definition.status !== 422) throw refusal
      const errors = [{ field: 'name', code: refusal.code, values: refusal.values }]
      return showName(ctx, person, { status: 422, errors, typed: { name } })
    }
    leadTo(ctx, '/security?done=renamed')
  })

  async function showRemoval(ctx: Routed, person: SignedIn, options?: RenderOptions): Promise<void> {
    const chosen = chosenBy(ctx)
    const { name, detail } = await authenticators.find(keeperOf(person), chosen, placeOf(ctx))
    const dueAt = person.weak ? await removalDue(deps, person.oid, chosen) : undefined
    const waits = dueAt && wordedMoment(dueAt, ctx.state.page.locale)
    person.show('cabinet/authenticator-remove', { ...chosen, name, detail, weak: person.weak, waits }, options)
  }

  router.get('/security/:kind/:id/remove', async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitiveOrLater)
    if (person) await showRemoval(ctx, person)
  })

  router.post('/security/:kind/:id/remove', async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitiveOrLater)
    if (!person) return
    const form = readForm(ctx, Empty)
    if (!form.ok) return showRemoval(ctx, person, { status: 422, errors: form.errors })
    if (person.weak) {
      const found = await authenticators.find(keeperOf(person), chosenBy(ctx), placeOf(ctx))
      if (!found.removable) throw await person.missing('authenticator')
      if (!(await removeLater(deps, person, found))) return showRemoval(ctx, person, { status: 409 })
      return leadTo(ctx, '/security?done=asked')
    }
    await authenticators.remove(keeperOf(person), chosenBy(ctx), placeOf(ctx))
    leadTo(ctx, '/security?done=removed')
  })
}

/** The input that a refusal stands beside; what concerns the whole form stands above it. */
function fieldOf({ code, status }: DefinedError, fields: readonly string[]): string {
  if (code.includes('.name_')) return 'name'
  return status === 422 && fields.includes('code') ? 'code' : ''
}

/** What may come back into the form: never a code or an answer of a key. */
function typedAgain({ name, serial }: Readonly<Record<string, string>>): Record<string, string> {
  return { ...(name !== undefined && { name }), ...(serial !== undefined && { serial }) }
}
