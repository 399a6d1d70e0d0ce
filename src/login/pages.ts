import type { Accounts } from '#src/accounts/accounts.ts'
import { consentItems } from '#src/consents/display.ts'
import type { Factor, LoginView } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, FieldError, RenderOptions } from '#src/http/context.ts'
import type { Interaction } from './interaction.ts'
import type { Situation } from './login.ts'

/** The pages of a sign-in. Their forms may end in a redirect to the relying party, which CSP has to let through. */
export interface LoginPages {
  show(ctx: Ctx, at: Interaction, now: Situation): Promise<void>
  identify(ctx: Ctx, at: Interaction, options?: RenderOptions): void
  factor(ctx: Ctx, at: Interaction, now: Situation, kind: string, options?: RenderOptions): Promise<void>
  consent(ctx: Ctx, at: Interaction, now: Situation, options?: RenderOptions): Promise<void>
}

export function makeLoginPages(deps: { accounts: Accounts; factors: Factors; consentDays: number }): LoginPages {
  const factors: Readonly<Record<string, Factor>> = deps.factors

  function render(
    ctx: Ctx,
    at: Interaction,
    view: string,
    model: Record<string, unknown>,
    options: RenderOptions = {},
  ): void {
    // What a person typed or is called is never kept in memory for the next one.
    const hot = view === 'login/password' && at.loginHint === undefined && options.typed === undefined
    const status = options.status ?? (options.errors?.length ? 422 : 200)
    ctx.state.page.render(
      view,
      { ...model, client: at.client, base: `/login/${at.uid}` },
      { ...options, status, leavesOrigin: true, ...(hot && { perRequest: ['base'] }) },
    )
  }

  const pages: LoginPages = {
    async show(ctx, at, now) {
      if (now.due.kind === 'factor') return pages.factor(ctx, at, now, preferred(ctx, now.due.factors))
      if (now.due.kind === 'consent') return pages.consent(ctx, at, now)
      if (now.due.kind === 'unmet') return render(ctx, at, 'login/unmet', { required: at.required })
      pages.identify(ctx, at)
    },
    identify(ctx, at, options) {
      const again = at.session !== undefined
      render(ctx, at, 'login/password', { loginHint: at.loginHint, again }, options)
    },
    async factor(ctx, at, now, kind, options) {
      const view: LoginView = {
        uid: at.uid,
        oid: now.oid,
        locale: ctx.state.page.locale,
        subject: String(now.oid),
        network: ctx.state.network,
        wanted: now.due.kind === 'factor' ? now.due.wanted : at.required,
        ...(typeof ctx.query.via === 'string' && { via: ctx.query.via }),
      }
      const page = await factors[kind]!.begin(view)
      const others = now.due.kind === 'factor' ? now.due.factors.filter((other) => other !== kind) : []
      const refusal = page.model.refusal as Omit<FieldError, 'field'> | undefined
      const errors = options?.errors ?? (refusal ? [{ field: 'code', ...refusal }] : undefined)
      const stepUp = now.proven.length === 0
      render(ctx, at, page.view, { ...page.model, kind, others, stepUp }, { ...options, ...(errors && { errors }) })
    },
    async consent(ctx, at, now, options) {
      const { page } = ctx.state
      const account = await deps.accounts.read(now.oid!)
      const items = consentItems(account, at, { t: page.t, locale: page.locale })
      const offline = at.scopes.includes('offline_access')
      const { resources, details } = at
      render(ctx, at, 'login/consent', { items, resources, details, offline, days: deps.consentDays }, options)
    },
  }
  return pages
}

function preferred(ctx: Ctx, kinds: readonly string[]): string {
  const wish = ctx.query.with
  return typeof wish === 'string' && kinds.includes(wish) ? wish : kinds[0]!
}
