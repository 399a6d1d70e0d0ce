import { z } from 'zod'
import { consentErrors } from '#src/consents/errors.ts'
import type { Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, FieldError, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { type Answering, type Registered, trustsIn } from './answering.ts'
import type { Authenticators } from './authenticators.ts'
import type { Devices } from './devices.ts'
import { enrolRoutes } from './enrol-routes.ts'
import { loginErrors } from './errors.ts'
import type { EvidenceStore } from './evidence.ts'
import { shapeOf } from './factor-form.ts'
import type { Interactions } from './interaction.ts'
import { type At, type Login, type Situation, takes } from './login.ts'
import { openRoutes } from './open-routes.ts'
import { baseOf, type LoginPages } from './pages.ts'
import { renewalRoutes } from './renewal-routes.ts'
import type { WayBack } from './way-back.ts'

/** What the registration that began in a sign-in hands back to it. */
export interface RegistrationDoor {
  /** Starts a registration bound to this sign-in; redirects. */
  begin(ctx: Ctx, options: { readonly login: string }): Promise<void>
  /** The account that was registered in this browser for this sign-in; answers once. */
  finishedFor(ctx: Ctx, login: string): Promise<Registered | undefined>
}

export interface LoginRoutesDeps {
  readonly login: Login
  readonly devices: Pick<Devices, 'find'>
  readonly factors: Factors
  readonly answering: Answering
  readonly pages: LoginPages
  readonly interactions: Interactions
  readonly evidence: EvidenceStore
  readonly authenticators: Pick<Authenticators, 'begin' | 'confirm'>
  readonly registration: RegistrationDoor
  readonly wayBack: WayBack
}

const Identify = z.object({
  identifier: z
    .string()
    .trim()
    .min(1, loginErrors.identifier_missing.code)
    .max(254, loginErrors.identifier_missing.code)
    .default(''),
  password: z.string().min(1, loginErrors.password_missing.code).default(''),
  challenge: z.string().max(2_000).default(''),
  solution: z.string().max(2_000).default(''),
})
const Empty = z.object({})
const Way = z.object({ way: z.enum(['prove', 'end']) })
const Decision = z.object({ decision: z.enum(['allow', 'deny'], consentErrors.decision_missing.code) })

/** Where people raise their identity level. */
const IDENTITY_PAGES = '/account/identity'

/** One address for each sign-in; it always shows the step that is due, and only that step takes an answer. */
export function loginRoutes(router: Routes, deps: LoginRoutesDeps): void {
  const { login, answering, pages, interactions, evidence, registration, wayBack } = deps
  const factors: Readonly<Record<string, Factor>> = deps.factors

  async function at(ctx: Ctx): Promise<At> {
    const { uid, adding } = (ctx as { params?: { uid?: string; adding?: string } }).params ?? {}
    // Asked for beside the interaction, whose uid must turn out to be the one in the address.
    void evidence.of(uid ?? '')
    const interaction = await interactions.current(ctx)
    const situation = await (adding === undefined
      ? login.situation(trustsIn(deps.devices, ctx), interaction)
      : login.enrolling(trustsIn(deps.devices, ctx), interaction, adding))
    return { interaction, situation }
  }

  const takesIdentifier = ({ due }: Situation) =>
    due.kind === 'identify' || (due.kind === 'factor' && due.factors.some((kind) => factors[kind]!.opens))

  /** The factor of the address, where an answer to it is due. The password has its page with the identifier, which counts its attempts. */
  function dueFactor({ params: { kind = '' } }: { params: Record<string, string> }, now: Situation) {
    return takes(now, kind) && !factors[kind]!.opens ? factors[kind] : undefined
  }

  const here = (ctx: Ctx, { interaction, situation }: At) => leadTo(ctx, baseOf(interaction, situation))

  /** On to the next step, or back to the authenticator that is being added. */
  const proceed = async (ctx: Ctx, now: At, next: Situation) =>
    next.due.kind === 'done' ? answering.finish(ctx, now.interaction, next, false) : here(ctx, now)

  router.get('/login/:uid', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    if (situation.due.kind === 'done') return answering.finish(ctx, interaction, situation, false)
    await pages.show(ctx, interaction, situation)
  })

  for (const base of ['/login/:uid', '/login/:uid/enrol/:adding']) {
    router.post(`${base}/identify`, async (ctx) => {
      const now = await at(ctx)
      const { interaction, situation } = now
      if (!takesIdentifier(situation)) return here(ctx, now)
      const form = readForm(ctx, Identify)
      if (!form.ok) {
        const typed = withoutPassword(form.typed)
        return pages.identify(ctx, interaction, situation, { errors: form.errors, typed })
      }
      const outcome = await answering.identify(ctx, interaction, situation, form.values)
      if (outcome.ok) return proceed(ctx, now, outcome.situation)
      const { error, status, challenge } = outcome
      const typed = { identifier: form.values.identifier }
      pages.identify(ctx, interaction, situation, { errors: [error], typed, status }, challenge)
    })

    router.post(`${base}/factor/:kind`, async (ctx) => {
      const now = await at(ctx)
      const { interaction, situation } = now
      const factor = dueFactor(ctx, situation)
      if (!factor) return here(ctx, now)
      const { kind } = factor
      const form = readForm(ctx, shapeOf(factor.fields, ['trust']))
      if (!form.ok) return pages.factor(ctx, interaction, situation, kind, { errors: form.errors })
      const outcome = await answering.factor(ctx, interaction, situation, kind, form.values)
      if (outcome.ok) return proceed(ctx, now, outcome.situation)
      await pages.factor(ctx, interaction, situation, kind, { errors: [outcome.error], status: outcome.status })
    })

    router.post(`${base}/factor/:kind/:action`, async (ctx) => {
      const now = await at(ctx)
      const { interaction, situation } = now
      const kind = dueFactor(ctx, situation)?.kind
      if (kind === undefined) return here(ctx, now)
      const form = readForm(ctx, Empty)
      const refused: FieldError | undefined = form.ok
        ? await answering.act(ctx, interaction, situation, kind, ctx.params.action ?? '')
        : form.errors[0]
      if (!refused) return here(ctx, now)
      await pages.factor(ctx, interaction, situation, kind, { errors: [refused] })
    })

    // Where a form was sent to, the language switch and the address bar lead back by GET.
    for (const step of ['identify', 'factor/:kind', 'factor/:kind/:action'])
      router.get(`${base}/${step}`, (ctx) => leadTo(ctx, addressOf(ctx.params)))
  }

  enrolRoutes(router, { ...deps, at, here, proceed })
  renewalRoutes(router, { ...deps, at, here })
  openRoutes(router, { ...deps, at, here, proceed, takesIdentifier })

  router.post('/login/:uid/consent', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.due.kind !== 'consent') return here(ctx, now)
    const form = readForm(ctx, Decision)
    if (!form.ok) return pages.consent(ctx, interaction, situation, { errors: form.errors })
    if (form.values.decision === 'allow') return answering.finish(ctx, interaction, situation, true)
    await answering.refuse(ctx, interaction, situation, 'access_denied')
  })

  router.post('/login/:uid/unmet', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.due.kind !== 'unmet') return here(ctx, now)
    await answering.refuse(ctx, interaction, situation, 'unmet_authentication_requirements')
  })

  router.post('/login/:uid/identity', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    if (situation.due.kind !== 'identity') return here(ctx, now)
    const form = readForm(ctx, Way)
    // The page has two buttons, and a form without one of them came from elsewhere.
    if (!form.ok) return here(ctx, now)
    if (form.values.way === 'prove') {
      wayBack.remember(ctx, interaction)
      await answering.raiseLevel(interaction, situation, situation.due)
      return leadTo(ctx, IDENTITY_PAGES)
    }
    await answering.endBelow(ctx, interaction, situation, situation.due)
  })

  router.post('/login/:uid/restart', async (ctx) => {
    const now = await at(ctx)
    await evidence.clear(now.interaction.uid)
    here(ctx, now)
  })

  for (const step of ['consent', 'unmet', 'identity', 'restart'])
    router.get(`/login/:uid/${step}`, (ctx) => leadTo(ctx, addressOf(ctx.params)))

  router.get('/login/:uid/registration', async (ctx) => {
    const { interaction } = await at(ctx)
    await registration.begin(ctx, { login: interaction.uid })
  })

  router.get('/login/:uid/registered', async (ctx) => {
    const now = await at(ctx)
    const { interaction, situation } = now
    const registered = await registration.finishedFor(ctx, interaction.uid)
    if (registered === undefined) return here(ctx, now)
    await proceed(ctx, now, await answering.registered(ctx, interaction, situation, registered))
  })
}

const addressOf = ({ uid = '', adding }: Record<string, string>) =>
  baseOf({ uid }, adding === undefined ? {} : { adding })

function withoutPassword({ password: _, ...typed }: Readonly<Record<string, string>>): Record<string, string> {
  return typed
}
