import type { Factor, LoginView } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, FieldError, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { type Attempts, placeOf } from '#src/login/attempts.ts'
import { shapeOf } from '#src/login/factor-form.ts'
import { recoveryErrors } from './errors.ts'
import { emptyForm, passwordForm } from './forms.ts'
import type { FurtherFactor, OtherContact } from './other-contact.ts'
import { FURTHER, OVER, type RecoveryPages } from './pages.ts'
import type { Recovering, Standing } from './recovering.ts'
import type { Step } from './recovery.ts'
import type { Recovery } from './store.ts'

export interface FurtherRoutesDeps {
  readonly recovering: Recovering
  readonly otherContact: OtherContact
  readonly factors: Factors
  readonly attempts: Attempts
  readonly pages: RecoveryPages
  /** What stands in the journal for the place where a factor was tried. */
  readonly client: string
  /** The recovery of this browser. */
  current(ctx: Ctx): Promise<Recovery | undefined>
  /** Gives this browser the ticket by which its recovery goes on. */
  keep(ctx: Ctx, ticket: string): void
}

/** A recovery whose contact is proven, at the step that is due. */
interface Here {
  readonly recovery: Recovery
  readonly standing: Standing
}

type Handler = (ctx: Ctx, here: Here) => Promise<void>

/** From the proven contact to the new password: every page is served only while its step is due. */
export function furtherRoutes(router: Routes, deps: FurtherRoutesDeps): void {
  const { recovering, pages, attempts } = deps

  /** @returns undefined when the browser has been sent elsewhere: to the step that is due, or to the beginning */
  async function hereAt(ctx: Ctx, step: Step | undefined): Promise<Here | undefined> {
    const recovery = await deps.current(ctx)
    const situation = recovery && (await recovering.situation(recovery))
    if (!recovery || !situation) leadTo(ctx, OVER)
    else if (situation.due !== step || !situation.standing) leadTo(ctx, `/recovery/${situation.due}`)
    else return { recovery, standing: situation.standing }
    return undefined
  }

  const at = (step: Step, handle: Handler) => async (ctx: Ctx) => {
    const here = await hereAt(ctx, step)
    if (here) await handle(ctx, here)
  }

  /** A form without fields. */
  const pressed = (step: Step, show: (ctx: Ctx, here: Here, options: RenderOptions) => void, act: Handler) =>
    at(step, async (ctx, here) => {
      const form = readForm(ctx, emptyForm)
      if (!form.ok) return show(ctx, here, { status: 422, errors: form.errors })
      await act(ctx, here)
    })

  const next = (ctx: Ctx) => leadTo(ctx, '/recovery/next')

  router.get('/recovery/next', async (ctx) => {
    await hereAt(ctx, undefined)
  })

  /** Undefined for a kind that is not among the ways left. */
  function factorOf({ recovery, standing }: Here, kind: unknown): FurtherFactor | undefined {
    const way = standing.ways.find((one) => one.kind === kind)
    if (!way) return undefined
    if (way.contact) return deps.otherContact.asFactor(recovery, standing.account.oid, way.contact)
    return (deps.factors as Readonly<Record<string, Factor>>)[way.kind]
  }

  const viewOf = (ctx: Ctx, { recovery, standing }: Here): LoginView => ({
    uid: recovery.ref,
    oid: standing.account.oid,
    locale: ctx.state.page.locale,
    network: ctx.state.network,
    wanted: standing.highest,
    ...(typeof ctx.query.via === 'string' && { via: ctx.query.via }),
  })

  async function showFactor(ctx: Ctx, here: Here, factor: FurtherFactor, options?: RenderOptions): Promise<void> {
    const page = await factor.begin(viewOf(ctx, here))
    const refusal = page.model.refusal as Omit<FieldError, 'field'> | undefined
    const errors = options?.errors ?? (refusal ? [{ field: factor.fields[0] ?? '', ...refusal }] : undefined)
    pages.factor(ctx, here.standing, factor.kind, page, { ...options, ...(errors && { errors }) })
  }

  router.get(
    FURTHER,
    at('further', async (ctx, here) => {
      const factor = factorOf(here, ctx.query.with)
      if (factor) await showFactor(ctx, here, factor)
      else pages.ways(ctx, here.standing)
    }),
  )

  /** Answers to a factor that is still left; without one the list of them comes back. */
  const answered = (handle: (ctx: Ctx, here: Here, factor: FurtherFactor) => Promise<void>) =>
    at('further', async (ctx, here) => {
      const factor = factorOf(here, (ctx as { params?: { kind?: string } }).params?.kind)
      if (factor) return handle(ctx, here, factor)
      const { status, code } = recoveryErrors.way_missing
      pages.ways(ctx, here.standing, { status, errors: [{ field: '', code }] })
    })

  router.post(
    `${FURTHER}/factor/:kind`,
    answered(async (ctx, here, factor) => {
      const form = readForm(ctx, shapeOf(factor.fields))
      if (!form.ok) return showFactor(ctx, here, factor, { status: 422, errors: form.errors })
      // Counted together with those of sign-ins: a recovery must not be a further supply of guesses.
      const view = viewOf(ctx, here)
      const entered = await attempts.enterFactor(ctx, here.standing.account.oid, factor)
      const outcome = await attempts.answer(ctx, { client: { id: deps.client } }, entered, factor, view, form.values)
      if (!outcome.ok) {
        const { error, values } = outcome
        const refused = { field: factor.fields[0] ?? '', code: error.code, ...(values && { values }) }
        return showFactor(ctx, here, factor, { status: error.status, errors: [refused] })
      }
      const ticket = await recovering.passed(here.recovery, here.standing.account, outcome.evidence, placeOf(ctx))
      if (ticket !== undefined) deps.keep(ctx, ticket)
      next(ctx)
    }),
  )

  router.post(
    `${FURTHER}/factor/:kind/:action`,
    answered(async (ctx, here, factor) => {
      const form = readForm(ctx, emptyForm)
      if (!form.ok) return showFactor(ctx, here, factor, { status: 422, errors: form.errors })
      const { action = '' } = (ctx as { params?: { action?: string } }).params ?? {}
      const done = await factor.act?.(viewOf(ctx, here), action)
      const back = `${FURTHER}?with=${encodeURIComponent(factor.kind)}`
      if (!done || done.ok) return leadTo(ctx, back)
      const { error, values } = done
      const refused = { field: factor.fields[0] ?? '', code: error.code, ...(values && { values }) }
      await showFactor(ctx, here, factor, { status: error.status, errors: [refused] })
    }),
  )

  router.post(
    `${FURTHER}/none`,
    pressed(
      'further',
      (ctx, { standing }, options) => pages.ways(ctx, standing, options),
      async (ctx, { recovery }) => {
        await recovering.choose(recovery, { givesUp: true })
        next(ctx)
      },
    ),
  )

  const showWaiting = (ctx: Ctx, { standing, recovery }: Here, options?: RenderOptions) =>
    pages.waiting(ctx, standing, recovery, options)

  router.get(
    '/recovery/waiting',
    at('waiting', async (ctx, here) => showWaiting(ctx, here)),
  )

  router.post(
    '/recovery/waiting/stop',
    pressed('waiting', showWaiting, async (ctx, { standing }) => {
      await recovering.stopWaiting(standing)
      next(ctx)
    }),
  )

  router.post(
    '/recovery/waiting/on',
    pressed('waiting', showWaiting, async (ctx, { recovery }) => {
      await recovering.choose(recovery, { goesOn: true })
      next(ctx)
    }),
  )

  router.get(
    '/recovery/password',
    at('password', async (ctx, { standing }) => pages.password(ctx, standing)),
  )

  router.post(
    '/recovery/password',
    at('password', async (ctx, { recovery, standing }) => {
      // What was typed does not come back: a password is on no page of ours.
      const refuse = (error: FieldError) => pages.password(ctx, standing, { status: 422, errors: [error] })
      const form = readForm(ctx, passwordForm)
      if (!form.ok) return refuse(form.errors[0]!)
      const set = await recovering.setPassword(recovery, standing, form.values.password, placeOf(ctx))
      if (!set.ok) return refuse({ field: 'password', code: set.code, values: set.values })
      next(ctx)
    }),
  )

  router.get(
    '/recovery/done',
    at('done', async (ctx, { standing, recovery }) => pages.done(ctx, standing, recovery)),
  )

  // Where a form was sent to, the language switch and the address bar lead back by GET.
  for (const path of [
    'further/factor/:kind',
    'further/factor/:kind/:action',
    'further/none',
    'waiting/stop',
    'waiting/on',
  ])
    router.get(`/recovery/${path}`, next)
}
