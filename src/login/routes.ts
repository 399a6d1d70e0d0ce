import { z } from 'zod'
import { consentErrors } from '#src/consents/errors.ts'
import type { Ctx, FieldError, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import type { Answering, Registered } from './answering.ts'
import { loginErrors } from './errors.ts'
import type { EvidenceStore } from './evidence.ts'
import type { Interaction, Interactions } from './interaction.ts'
import type { Login, Situation } from './login.ts'
import type { LoginPages } from './pages.ts'

/** What the registration that began in a sign-in hands back to it. */
export interface RegistrationDoor {
  /** Starts a registration bound to this sign-in; redirects. */
  begin(ctx: Ctx, options: { readonly login: string }): Promise<void>
  /** The account that was registered in this browser for this sign-in; answers once. */
  finishedFor(ctx: Ctx, login: string): Promise<Registered | undefined>
}

export interface LoginRoutesDeps {
  readonly login: Login
  readonly answering: Answering
  readonly pages: LoginPages
  readonly interactions: Interactions
  readonly evidence: EvidenceStore
  readonly registration: RegistrationDoor
}

const Identify = z.object({
  identifier: z
    .string()
    .trim()
    .min(1, loginErrors.identifier_missing.code)
    .max(254, loginErrors.identifier_missing.code)
    .default(''),
  password: z.string().min(1, loginErrors.password_missing.code).default(''),
})
/** What is no code, however long, is the factor's to refuse, with its own words. */
const Factor = z.object({ code: z.string().default('') })
const Empty = z.object({})
const Decision = z.object({ decision: z.enum(['allow', 'deny'], consentErrors.decision_missing.code) })

/** One address for each sign-in; it always shows the step that is due, and only that step takes an answer. */
export function loginRoutes(router: Routes, deps: LoginRoutesDeps): void {
  const { login, answering, pages, interactions, evidence, registration } = deps

  async function at(ctx: Ctx): Promise<{ interaction: Interaction; situation: Situation }> {
    // Asked for beside the interaction, whose uid must turn out to be the one in the address.
    void evidence.of((ctx as { params?: { uid?: string } }).params?.uid ?? '')
    const interaction = await interactions.current(ctx)
    return { interaction, situation: await login.situation(interaction) }
  }

  const here = (ctx: Ctx, interaction: Interaction) => {
    ctx.status = 303
    ctx.redirect(`/login/${interaction.uid}`)
  }

  const proceed = async (ctx: Ctx, interaction: Interaction, situation: Situation) =>
    situation.due.kind === 'done' ? answering.finish(ctx, interaction, situation, false) : here(ctx, interaction)

  router.get('/login/:uid', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    if (situation.due.kind === 'done') return answering.finish(ctx, interaction, situation, false)
    await pages.show(ctx, interaction, situation)
  })

  router.post('/login/:uid/identify', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    if (situation.due.kind !== 'identify') return here(ctx, interaction)
    const form = readForm(ctx, Identify)
    if (!form.ok) return pages.identify(ctx, interaction, { errors: form.errors, typed: withoutPassword(form.typed) })
    const outcome = await answering.identify(ctx, interaction, situation, form.values)
    if (outcome.ok) return proceed(ctx, interaction, outcome.situation)
    const { error } = outcome
    pages.identify(ctx, interaction, {
      errors: [error],
      typed: { identifier: form.values.identifier },
      status: outcome.status,
    })
  })

  router.post('/login/:uid/factor/:kind', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    const kind = dueFactor(ctx, situation)
    if (!kind) return here(ctx, interaction)
    const form = readForm(ctx, Factor)
    if (!form.ok) return pages.factor(ctx, interaction, situation, kind, { errors: form.errors })
    const outcome = await answering.factor(ctx, interaction, situation, kind, form.values)
    if (outcome.ok) return proceed(ctx, interaction, outcome.situation)
    await pages.factor(ctx, interaction, situation, kind, { errors: [outcome.error], status: outcome.status })
  })

  router.post('/login/:uid/factor/:kind/:action', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    const kind = dueFactor(ctx, situation)
    if (!kind) return here(ctx, interaction)
    const form = readForm(ctx, Empty)
    const refused: FieldError | undefined = form.ok
      ? await answering.act(ctx, interaction, situation, kind, ctx.params.action ?? '')
      : form.errors[0]
    if (!refused) return here(ctx, interaction)
    await pages.factor(ctx, interaction, situation, kind, { errors: [refused] })
  })

  router.post('/login/:uid/consent', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    if (situation.due.kind !== 'consent') return here(ctx, interaction)
    const form = readForm(ctx, Decision)
    if (!form.ok) return pages.consent(ctx, interaction, situation, { errors: form.errors })
    if (form.values.decision === 'allow') return answering.finish(ctx, interaction, situation, true)
    await answering.refuse(ctx, interaction, situation, 'access_denied')
  })

  router.post('/login/:uid/unmet', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    if (situation.due.kind !== 'unmet') return here(ctx, interaction)
    await answering.refuse(ctx, interaction, situation, 'unmet_authentication_requirements')
  })

  router.post('/login/:uid/restart', async (ctx) => {
    const { interaction } = await at(ctx)
    await evidence.clear(interaction.uid)
    here(ctx, interaction)
  })

  // Where a form was sent to, the language switch and the address bar lead back by GET.
  for (const step of ['identify', 'factor/:kind', 'factor/:kind/:action', 'consent', 'unmet', 'restart'])
    router.get(`/login/:uid/${step}`, (ctx) => {
      ctx.status = 303
      ctx.redirect(`/login/${encodeURIComponent(ctx.params.uid!)}`)
    })

  router.get('/login/:uid/registration', async (ctx) => {
    const { interaction } = await at(ctx)
    await registration.begin(ctx, { login: interaction.uid })
  })

  router.get('/login/:uid/registered', async (ctx) => {
    const { interaction, situation } = await at(ctx)
    const registered = await registration.finishedFor(ctx, interaction.uid)
    if (registered === undefined) return here(ctx, interaction)
    await proceed(ctx, interaction, await answering.registered(ctx, interaction, situation, registered))
  })
}

function dueFactor(ctx: Ctx & { params: Record<string, string> }, { due }: Situation): string | undefined {
  const kind = ctx.params.kind
  return due.kind === 'factor' && kind !== undefined && due.factors.includes(kind) ? kind : undefined
}

function withoutPassword({ password: _, ...typed }: Readonly<Record<string, string>>): Record<string, string> {
  return typed
}
