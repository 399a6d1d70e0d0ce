import { z } from 'zod'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { isAuthLevel, satisfies } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { type ProviderClient, ProviderFailure, type Purpose } from './relying-party-client.ts'
import { failureModel, personModel } from './relying-party-pages.ts'
import { CALLBACK_PATH, SIGNED_OUT_PATH } from './relying-party-registration.ts'
import { addPending, type DemoSession, type DemoSessions, takePending } from './relying-party-sessions.ts'

export interface DemoRoutesDeps {
  readonly provider: ProviderClient
  readonly sessions: DemoSessions
  /** What the provider calls itself. */
  readonly providerName: Readonly<Record<Locale, string>>
}

const signInForm = z.object({ offline: z.literal('yes').optional() })

/** The demo's pages. Forms that send the browser on to the provider leave `form-action` out of their page's policy. */
export function demoRoutes(router: Routes, { provider, sessions, providerName }: DemoRoutesDeps): void {
  router.get('/', (ctx) => home(ctx, false))
  router.get(SIGNED_OUT_PATH, (ctx) => home(ctx, true))

  router.post('/sign-in', async (ctx) => {
    const form = readForm(ctx, signInForm)
    await depart(ctx, 'sign_in', form.ok && form.values.offline === 'yes')
  })

  router.post('/step-up', (ctx) => depart(ctx, 'step_up', false))
  router.post('/benefit', (ctx) => depart(ctx, 'benefit', false))

  router.get(CALLBACK_PATH, async (ctx) => {
    const session = sessions.of(ctx)
    const { state } = ctx.query
    const pending = takePending(session, state)
    // Whatever else an address with a foreign `state` says may be anybody's words: none of it is shown.
    if (!session || !pending || typeof state !== 'string') return fail(ctx, 'unknown_state')
    await attempt(ctx, pending.purpose, async () => {
      const signedIn = await provider.finish(new URL(ctx.href), state, pending)
      session.signedIn = signedIn
      session.refreshed = 0
      if (pending.purpose === 'step_up') session.notice = stepUpNotice(signedIn.idClaims.acr)
      sessions.renew(ctx, session)
      leadTo(ctx, '/')
    })
  })

  router.post('/refresh', async (ctx) => {
    const session = sessions.of(ctx)
    if (!session?.signedIn?.refreshToken) return leadTo(ctx, '/')
    await attempt(ctx, 'sign_in', async () => {
      await refresh(session)
      session.notice = 'sandbox.notice_refreshed'
      leadTo(ctx, '/')
    })
  })

  // What was typed is not even read: the demo shows that it got the data, and keeps none of it.
  router.post('/application', (ctx) => ctx.state.page.render('sandbox/relying-party-accepted'))

  router.post('/sign-out', async (ctx) => {
    const signedIn = sessions.of(ctx)?.signedIn
    sessions.end(ctx)
    if (!signedIn) return leadTo(ctx, SIGNED_OUT_PATH)
    await attempt(ctx, 'sign_in', async () => leadTo(ctx, await provider.signOutUrl(signedIn, ctx.state.page.locale)))
  })

  function home(ctx: Ctx, signedOut: boolean): void {
    const { page } = ctx.state
    const session = sessions.of(ctx)
    const names = { provider: providerName[page.locale] }
    if (!session?.signedIn) {
      page.render('sandbox/relying-party', { ...names, signedOut }, { leavesOrigin: true })
      return
    }
    const model = personModel(session, session.signedIn, page.locale, page.t)
    session.notice = undefined
    page.render('sandbox/relying-party-person', { ...names, ...model }, { leavesOrigin: true })
  }

  function depart(ctx: Ctx, purpose: Purpose, offline: boolean): Promise<void> {
    return attempt(ctx, purpose, async () => {
      const { url, state, pending } = await provider.begin({ purpose, offline, locale: ctx.state.page.locale })
      addPending(sessions.ensure(ctx), state, pending)
      leadTo(ctx, url)
    })
  }

  async function refresh(session: DemoSession): Promise<void> {
    const { signedIn } = session
    if (!signedIn?.refreshToken) return
    session.refreshing ??= provider.refresh({ ...signedIn, refreshToken: signedIn.refreshToken }).finally(() => {
      session.refreshing = undefined
    })
    const refreshed = await session.refreshing
    if (session.signedIn !== signedIn) return
    session.signedIn = refreshed
    session.refreshed += 1
  }

  /** Runs an exchange with the provider; what fails becomes the page that says why and offers another try. */
  async function attempt(ctx: Ctx, purpose: Purpose, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error
      const session = sessions.of(ctx)
      // The grant is gone, and with it whatever these tokens could do.
      if (session && error.error === 'invalid_grant') session.signedIn = undefined
      fail(ctx, error, purpose)
    }
  }

  function fail(ctx: Ctx, failure: ProviderFailure | 'unknown_state', purpose: Purpose = 'sign_in'): void {
    const { page } = ctx.state
    const { status, model } = failureModel(failure, page.t)
    const signedIn = sessions.of(ctx)?.signedIn !== undefined
    const again = purpose === 'benefit' ? '/benefit' : purpose === 'step_up' && signedIn ? '/step-up' : '/sign-in'
    page.render('sandbox/relying-party-failure', { ...model, again, signedIn }, { status, leavesOrigin: true })
  }
}

function stepUpNotice(acr: unknown): string {
  return isAuthLevel(acr) && satisfies(acr, 'aal2') ? 'sandbox.notice_stepped_up' : 'sandbox.notice_not_stepped_up'
}
