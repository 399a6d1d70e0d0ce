import { z } from 'zod'
import type { Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, FieldError, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { satisfies } from '#src/kernel/levels.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { type Attempts, placeOf } from '#src/login/attempts.ts'
import { type Authenticators, type ListedAuthenticator, levelOf } from '#src/login/authenticators.ts'
import { chosenBy } from './authenticator-routes.ts'
import { type Entrance, type SignedIn, sensitive } from './entrance.ts'
import { type LaterRemovalDeps, removalDue, removeLater } from './later-removal.ts'

export interface LostRoutesDeps extends LaterRemovalDeps {
  readonly entrance: Entrance
  readonly authenticators: Authenticators
  readonly factors: Factors
  readonly attempts: Attempts
  /** The client_id of our own pages, for the journal. */
  readonly client: string
}

interface Standing {
  /** Signed in as strongly as goes without it. */
  readonly person: SignedIn
  readonly lost: ListedAuthenticator
  /** What stands in for it, if the owner has any. */
  readonly rescue: Factor | undefined
  /** When it goes, if that was asked for before. */
  readonly dueAt: Date | undefined
}

type Routed = Ctx & { readonly params: Readonly<Record<string, string>> }

const Rescue = z.object({ code: z.string().default('') })

/**
 * The strongest authenticator is lost, so that nobody can sign in strongly enough to remove it: a recovery code and 72 hours, in which every
 * contact can object, stand in for it (R-B9). Nothing else of the account can be changed that way.
 */
export function lostRoutes(router: Routes, deps: LostRoutesDeps): void {
  const { entrance, authenticators, attempts } = deps

  /** @returns undefined when the answer is a redirect: to the sign-in, or to where it can be removed at once */
  async function standing(ctx: Routed): Promise<Standing | undefined> {
    const anybody = await entrance.signedIn(ctx)
    if (!anybody) return undefined
    const chosen = chosenBy(ctx)
    const lost = await authenticators.find({ oid: anybody.oid, origin: anybody.session }, chosen, placeOf(ctx))
    const all = await authenticators.list(anybody.oid)
    const without = levelOf(all, lost)
    if (!lost.removable || satisfies(without, levelOf(all))) {
      leadTo(ctx, lost.removable ? ctx.path.replace(/lost$/, 'remove') : '/security')
      return undefined
    }
    const person = await entrance.signedIn(ctx, { level: without, maxAgeSeconds: sensitive.maxAgeSeconds! })
    if (!person) return undefined
    const usable = all.filter((one) => one.left !== 0).map(({ kind }) => kind)
    const factors: Factor[] = Object.values(deps.factors)
    const rescue = factors.find(({ kind, best }) => best.rescue && usable.includes(kind))
    return { person, lost, rescue, dueAt: await removalDue(deps, person.oid, lost) }
  }

  function show(ctx: Ctx, { person, lost, rescue, dueAt }: Standing, options?: RenderOptions): void {
    const { kind, id, name, detail } = lost
    const waits = dueAt && wordedMoment(dueAt, ctx.state.page.locale)
    const model = { kind, id, name, detail, canRescue: rescue !== undefined, waits }
    person.show('cabinet/authenticator-lost', model, options)
  }

  /** Counted like any answer to a sign-in. @returns why it does not count */
  async function refusal(ctx: Routed, { person, rescue }: Standing, code: string): Promise<Refused | undefined> {
    const { page, network } = ctx.state
    const entered = await attempts.enterFactor(ctx, person.oid, rescue!)
    const view = {
      uid: `lost:${person.session}`,
      oid: person.oid,
      locale: page.locale,
      network,
      wanted: person.level,
    }
    const outcome = await attempts.answer(ctx, { client: { id: deps.client } }, entered, rescue!, view, { code })
    if (outcome.ok) {
      await authenticators.used(person.oid, outcome.evidence)
      return undefined
    }
    const { error, values } = outcome
    return { error: { field: 'code', code: error.code, ...(values && { values }) }, status: error.status }
  }

  router.get('/security/:kind/:id/lost', async (ctx) => {
    const now = await standing(ctx)
    if (now) show(ctx, now)
  })

  router.post('/security/:kind/:id/lost', async (ctx) => {
    const now = await standing(ctx)
    if (!now) return
    const form = readForm(ctx, Rescue)
    if (!form.ok) return show(ctx, now, { status: 422, errors: form.errors })
    // Whoever asks again loses no code by it.
    if (!now.rescue || now.dueAt) return show(ctx, now, { status: 409 })
    const refused = await refusal(ctx, now, form.values.code)
    if (refused) return show(ctx, now, { status: refused.status, errors: [refused.error] })
    await removeLater(deps, now.person, now.lost)
    leadTo(ctx, '/security?done=asked')
  })
}

interface Refused {
  readonly error: FieldError
  readonly status: number
}
